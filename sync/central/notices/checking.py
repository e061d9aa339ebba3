"""Whether somebody's words can be sent: looked at when they are saved, with sample values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from sync.central.audit import Actor, changed
from sync.central.notices import letters, wording
from sync.central.notices.letters import Letter
from sync.central.notices.model import Address, Hidden, Kind, Way
from sync.central.notices.queue import Held
from sync.central.notices.segments import MOST, segments
from sync.central.notices.wording import LONGEST, NEEDED, PLACEHOLDERS, Unfit, Words
from sync.central.tables import notice_templates

CODE: Final = "TP1:ABCDEFGHJ"
SAMPLE: Final = {
    "shop": "Corner shop",
    "shop_address": "12 High Street",
    "hours": "9-18",
    "support": "help@shop.example",
    "carrier": "Swift",
    "last_day": "2026-05-11",
    "count": "2",
    "merchant": "Linden",
    "order": "A-1007",
    "receipt": "K1-000123",
    "minor": "7990",
    "currency": "EUR",
}


class Fault(StrEnum):
    EMPTY = "empty"
    LONG = "long"
    UNKNOWN = "unknown"  # `what` is the placeholder
    MISSING = "missing"  # likewise
    UNREADABLE = "unreadable"
    PARTS = "parts"


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a field: subject, body or short."""

    field: str
    fault: Fault
    what: str = ""


def problems(kind: Kind, said: Words) -> tuple[Wrong, ...]:
    """At most one for each field, in their order; () for none."""
    return tuple(
        found for name, text in said.parts if (found := _problem(kind, name, text)) is not None
    )


def _problem(kind: Kind, name: str, text: str) -> Wrong | None:
    if not text.strip():
        return Wrong(name, Fault.EMPTY)
    if len(text) > LONGEST[name]:
        return Wrong(name, Fault.LONG, str(LONGEST[name]))
    try:
        _, named = wording.parsed(text)
    except Unfit:
        return Wrong(name, Fault.UNREADABLE)
    if strange := sorted(named - PLACEHOLDERS[kind]):
        return Wrong(name, Fault.UNKNOWN, strange[0])
    if name == "subject":
        return None
    if not _tells(text, NEEDED[kind]):
        return Wrong(name, Fault.MISSING, NEEDED[kind])
    if name == "short" and segments(_filled(kind, text)) > MOST:
        return Wrong(name, Fault.PARTS, str(MOST))
    return None


def _tells(text: str, needed: str) -> bool:
    """Whether a value is in the text whatever its conditions say."""
    mark = "needed-value"
    for others in ("", "x"):
        values = dict.fromkeys(frozenset().union(*PLACEHOLDERS.values()), others)
        if mark not in wording.filled(text, {**values, needed: mark}):
            return False
    return True


def _filled(kind: Kind, text: str, language: str = "en") -> str:
    return wording.filled(text, letters.values(kind, SAMPLE, CODE, "Ada", language))


def preview(kind: Kind, said: Words, language: str, at: datetime) -> Letter:
    """As Ada would get it. Raises Unfit."""
    hidden = Hidden((Address(Way.EMAIL, "ada@shop.example"),), CODE, "Ada")
    held = Held("sample", "", kind, language, "", "", SAMPLE, hidden, 0, 1, at)
    return letters.of(held, hidden.to[0], said, at)


def save(
    c: sa.Connection,
    by: Actor,
    now: datetime,
    merchant_id: str,
    kind: Kind,
    language: str,
    said: Words | None,
) -> int:
    """The next version; None takes the words above again (the house's, or the shipped ones)."""
    t = notice_templates.c
    mine = sa.and_(
        t.tenant == by.tenant,
        t.merchant_id == merchant_id,
        t.kind == kind.value,
        t.language == language,
    )
    newest = c.execute(sa.select(sa.func.max(t.version)).where(mine)).scalar_one() or 0
    plain = said or Words("", "", "")
    row = {
        "tenant": by.tenant,
        "merchant_id": merchant_id,
        "kind": kind.value,
        "language": language,
        "version": newest + 1,
        **dict(plain.parts),
        "saved_at": now,
        "saved_by": by.name,
    }
    c.execute(notice_templates.insert(), row)
    what = "notice.words_saved" if said else "notice.words_given_up"
    after = {"language": language, "version": newest + 1}
    changed(c, by, now, what, f"{merchant_id or '*'} {kind.value}", after=after)
    return int(newest) + 1
