"""What one version of the rules says differently from another, in the words of `policy diff`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kiosk.domain.policy.file.diffing import Change, Difference, differences
from kiosk.domain.returns import Merchant
from kiosk.domain.sentences import Sentence, at
from sync.central.policy.versions import Kept, Version

_DETAILS: Final = ("name", "support", "timezone", "theme", "instead")


@dataclass(frozen=True, slots=True)
class OfShop:
    """One merchant. `came` says whether it is new or gone; None: it was there and is. `details`
    are sentences about who it is; `look` whether it looks otherwise."""

    merchant_id: str
    name: str
    came: Change | None
    rules: tuple[Difference, ...]
    details: tuple[str, ...]
    look: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """Only what differs. `forms` are names of other networks' code forms."""

    shops: tuple[OfShop, ...]
    forms: tuple[str, ...]

    @property
    def same(self) -> bool:
        return not self.shops and not self.forms


def compare(now: Version, before: Version) -> Compared:
    names = sorted(now.shops.keys() | before.shops.keys())
    shops = (_shop(name, now.shops.get(name), before.shops.get(name)) for name in names)
    new = {one.name: one for one in now.forms}
    old = {one.name: one for one in before.forms}
    forms = (name for name in sorted(new.keys() | old.keys()) if new.get(name) != old.get(name))
    return Compared(tuple(one for one in shops if one is not None), tuple(forms))


def _shop(name: str, now: Kept | None, before: Kept | None) -> OfShop | None:
    if now is None or before is None:
        kept = now or before
        assert kept is not None, "a name comes from one of the two"
        came = Change.ADDED if now else Change.REMOVED
        rules = tuple(differences((), kept.rules)) if now else ()
        return OfShop(name, kept.merchant.name, came, rules, (), look=bool(now and now.look))
    if now == before:
        return None
    rules = tuple(differences(before.rules, now.rules))
    details = tuple(_details(now.merchant, before.merchant))
    look = now.look != before.look
    if not (rules or details or look):
        return None  # said in other words, or in another order
    return OfShop(name, now.merchant.name, None, rules, details, look)


def _details(now: Merchant, before: Merchant) -> Iterator[str]:
    for part in _DETAILS:
        new, old = (_plain(getattr(one, part)) for one in (now, before))
        if new != old:
            yield at(part, Sentence("{before} -> {after}", before=old or "–", after=new or "–"))


def _plain(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ", ".join(value)
