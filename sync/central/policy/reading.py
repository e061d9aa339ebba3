"""A policy file on its way to being published: checked whole, and made into merchants and forms.

The same for `takeback central policy publish --from` and for the back office's pages: whatever a
file says wrong is told with its line, and a file with a mistake is never published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import msgspec

from kiosk.domain.codes.third_party import ThirdPartyForm
from kiosk.domain.policy.file import Level, Mistake, Source, compile_file, read
from kiosk.domain.policy.file.shops import look_of, merchant_of
from kiosk.proofread import look_at
from sync.central.policy.contents import Shop


@dataclass(frozen=True, slots=True)
class WhoseRules:
    """The file holds rules alone and nobody said whose; or names a merchant that is not known; or
    names its merchants itself, and yet another was said."""

    said: str
    known: tuple[str, ...]
    names_its_own: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file comes to. With an error nothing of it is to be used."""

    mistakes: tuple[Mistake, ...]
    shops: tuple[Shop, ...] = ()
    forms: tuple[ThirdPartyForm, ...] = ()
    rules: int = 0
    empty: bool = False

    @property
    def fit(self) -> bool:
        return all(one.level is not Level.ERROR for one in self.mistakes)

    @property
    def warns(self) -> bool:
        return any(one.level is Level.WARNING for one in self.mistakes)


def read_file(
    data: bytes, file: str, today: date, known: Mapping[str, Shop], merchant: str = ""
) -> Reading | WhoseRules:
    """`known` are the tenant's merchants by id; `merchant` is whose rules they are, where the file
    does not say. A name that ends in `.json` is read as JSON."""
    source = read(data, file)
    if isinstance(source, Mistake):
        return Reading((source,), empty=True)
    text = "" if file.endswith(".json") else data.decode("utf-8-sig")
    looked = look_at(source, text, today)
    shops, wrong, odd = _shops(source, known, merchant)
    if odd is not None and not any(one.level is Level.ERROR for one in looked.mistakes):
        return odd
    found = [*looked.mistakes, *(one for one in wrong if one not in looked.mistakes)]
    found.sort(key=lambda one: (one.line, one.column))
    reading = Reading(tuple(found), rules=looked.rules, empty=looked.empty)
    if not reading.fit:
        return reading
    forms = msgspec.convert(source.table.get("third_party", []), type=tuple[ThirdPartyForm, ...])
    return replace(reading, shops=shops, forms=forms)


def _shops(
    source: Source, known: Mapping[str, Shop], merchant: str
) -> tuple[tuple[Shop, ...], list[Mistake], WhoseRules | None]:
    shops: list[Shop] = []
    wrong: list[Mistake] = []
    for shop in compile_file(source).shops:
        if shop.merchant_id and merchant:
            return (), [], WhoseRules(merchant, tuple(known), names_its_own=True)
        if shop.merchant_id:
            given, mistakes = merchant_of(source, shop)
            shops.append(Shop(given, shop.specs, look_of(shop.table)))
            wrong += mistakes
        elif merchant not in known:
            return (), [], WhoseRules(merchant, tuple(known))
        else:
            there = known[merchant]
            shops.append(Shop(there.merchant, shop.specs, there.look))
    return tuple(shops), wrong, None
