"""A return written down in a file, to try rules on: what `takeback policy explain --facts` reads.

    now = 2026-05-04T09:30:00+02:00
    timezone = "Europe/Berlin"
    delivered_on = 2026-04-20

    [kiosk]
    offline = true

    [[line]]
    category = "shoes"
    price = "49.90 EUR"

Everything else may be left out. Names are those of kiosk.domain.returns and, under `kiosk`, of
kiosk.domain.policy.model.Context.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from kiosk.cli.common import fail
from kiosk.cli.policy_files import source, told

if TYPE_CHECKING:
    from kiosk.domain.policy.file import Source
    from kiosk.domain.policy.model import Facts

OF_LINE = ("brought", "already_dropped", "answers", "measured_g")
OF_FILE = ("now", "timezone", "kiosk", "line")


def read_facts(file: Path) -> tuple[Facts, ...]:
    """The lines of the return; a sentence with line and column, and exit code 2, otherwise."""
    from kiosk.domain.policy.file import Mistake

    found = source(file)
    if isinstance(found, Mistake):
        fail(told(found), code=2)
    return _Reading(found).facts()


class _Reading:
    def __init__(self, found: Source) -> None:
        self.source = found
        self.table = dict(found.table)

    def wrong(self, path: tuple[str | int, ...], why: str, remedy: str = "") -> NoReturn:
        fail(told(self.source.mistake(path, "", why, remedy)), code=2)

    def facts(self) -> tuple[Facts, ...]:
        from kiosk.domain.policy.model import Context, Facts
        from kiosk.domain.returns import Authorisation, Merchant, ReturnLine

        given = self.table.get("line")
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            self.wrong(("line",), "there is no [[line]]", "write [[line]] and a price")
        own = [name.name for name in fields(Authorisation) if name.name != "lines"]
        self._names((), self.table, (*own, *OF_FILE))
        for place, one in enumerate(given):
            self._names(("line", place), one, (*OF_LINE, *(f.name for f in fields(ReturnLine))))
        lines = tuple(self._line(place, one) for place, one in enumerate(given))
        context = self._context(Context)
        whole = {key: value for key, value in self.table.items() if key in own}
        authorisation = self._make(
            (), {**_whole(context.now), **whole, "lines": lines}, Authorisation
        )
        zone = str(self.table.get("timezone", "UTC"))
        merchant = Merchant(authorisation.merchant_id, "", "", zone)
        return tuple(
            Facts(
                authorisation,
                line,
                merchant,
                context,
                brought=self._make(("line", place), one.get("brought", line.quantity), int),
                already_dropped=self._make(("line", place), one.get("already_dropped", 0), int),
                answers=self._make(("line", place), one.get("answers", {}), dict[str, str]),
                measured_g=self._make(("line", place), one.get("measured_g"), int | None),
                history=authorisation.history,
            )
            for place, (line, one) in enumerate(zip(lines, given, strict=True))
        )

    def _context(self, kind: type[Any]) -> Any:
        kiosk = self.table.get("kiosk", {})
        if not isinstance(kiosk, dict):
            self.wrong(("kiosk",), "must be a table", "write [kiosk]")
        self._names(("kiosk",), kiosk, [f.name for f in fields(kind) if f.name != "now"])
        now = self._make(("now",), self.table.get("now"), datetime)
        if now.tzinfo is None:
            self.wrong(("now",), "now: lacks its offset from UTC", "as 2026-05-04T09:30:00+02:00")
        return self._make(("kiosk",), {**kiosk, "now": now}, kind)

    def _line(self, place: int, one: Mapping[str, Any]) -> Any:
        from kiosk.domain.returns import ReturnLine

        own = {key: value for key, value in one.items() if key not in OF_LINE}
        brought = one.get("brought", 1)
        filled = {
            "line_id": f"line-{place + 1}",
            "sku": "",
            "name": str(own.get("sku", f"line {place + 1}")),
            "category": "",
            "quantity": brought if isinstance(brought, int) and brought > 0 else 1,
        }
        return self._make(("line", place), {**filled, **own}, ReturnLine)

    def _names(self, path: tuple[str | int, ...], table: Mapping[str, Any], known: Any) -> None:
        from kiosk.domain.policy.file.mistakes import meant

        for key in table:
            if key not in known:
                self.wrong((*path, key), f"{key}: is not known here", meant(key, known))

    def _make(self, path: tuple[str | int, ...], value: object, kind: Any) -> Any:
        try:
            return msgspec.convert(self._money(path, value), type=kind)
        except msgspec.ValidationError as error:
            self.wrong(path, str(error))

    def _money(self, path: tuple[str | int, ...], value: object) -> object:
        """Amounts written as texts, wherever money stands."""
        from kiosk.domain.policy.file.quantities import Unit, read

        if isinstance(value, list):
            return [self._money((*path, place), one) for place, one in enumerate(value)]
        if not isinstance(value, dict):
            return value
        made: dict[str, object] = {}
        for key, inner in value.items():
            if key in ("price", "order_value", "value") and isinstance(inner, str):
                amount = read(inner, Unit.MONEY)
                if isinstance(amount, str):
                    self.wrong((*path, key), f"{key}: {amount}")
                made[key] = {"minor": amount.number, "currency": amount.currency}
            else:
                made[key] = self._money((*path, key), inner)
        return made


def _whole(now: datetime) -> dict[str, object]:
    """What a return has, where a file does not say."""
    return {
        "return_id": "return",
        "merchant_id": "merchant",
        "order_number": "",
        "postal_code": "",
        "short_code": "",
        "state": "authorised",
        "ordered_on": now.date(),
        "delivered_on": None,
        "expires_at": None,
    }
