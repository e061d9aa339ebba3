"""A promise as JSON in the ledger: enough to print its receipt again after any bundle is gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import msgspec

from kiosk.domain.look.model import PLAIN
from kiosk.domain.money import Money
from kiosk.domain.policy.model import Ask, Verdict
from kiosk.domain.policy.recording import named
from kiosk.domain.returns import Merchant, ReturnLine
from kiosk.domain.visit import CommittedDrop, Item


class _Item(msgspec.Struct, frozen=True):
    """An Item, its decision in one of two fields: a union of dataclasses carries no tag."""

    line: ReturnLine
    brought: int
    already_dropped: int
    answers: dict[str, str]
    verdict: Verdict | None
    ask: Ask | None


class _Receipt(msgspec.Struct, frozen=True):
    """A CommittedDrop, field by field."""

    drop_id: str
    drop_number: str
    visit_id: str
    return_id: str
    order_number: str
    merchant: Merchant
    items: tuple[_Item, ...]
    bag_id: str
    committed_at: datetime
    refund: Money
    provisional: bool
    proof: str
    link: str = ""


def encode(drop: CommittedDrop) -> str:
    fields = {name: getattr(drop, name) for name in _Receipt.__struct_fields__}
    fields["items"] = tuple(_save(item) for item in drop.items)
    if drop.merchant.look is not PLAIN:
        fields["merchant"] = replace(drop.merchant, look=drop.merchant.look.on_paper)
    return _write(_Receipt(**fields)).decode("utf-8")


def decode(text: str) -> CommittedDrop:
    """Raises msgspec.MsgspecError for a text that `encode` did not write."""
    saved = _read(text)
    fields = {name: getattr(saved, name) for name in _Receipt.__struct_fields__}
    fields["items"] = tuple(_load(item) for item in saved.items)
    return CommittedDrop(**fields)


def _plain(value: object) -> dict[str, str | int]:
    """A mapping that is no dict: the inputs of a verdict are named as they are read."""
    if isinstance(value, Mapping):
        return named(value)
    raise TypeError(f"no promise holds a {type(value).__name__}")


_write = msgspec.json.Encoder(enc_hook=_plain).encode
_read = msgspec.json.Decoder(_Receipt).decode


def _save(item: Item) -> _Item:
    decision = item.decision
    return _Item(
        line=item.line,
        brought=item.brought,
        already_dropped=item.already_dropped,
        answers=dict(item.answers),
        verdict=decision if isinstance(decision, Verdict) else None,
        ask=decision if isinstance(decision, Ask) else None,
    )


def _load(item: _Item) -> Item:
    decision = item.verdict or item.ask
    if decision is None:
        raise msgspec.ValidationError("an item without a decision")
    return Item(item.line, item.brought, decision, item.already_dropped, item.answers)
