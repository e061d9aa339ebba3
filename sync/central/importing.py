"""Returns out of a file: JSON lines or CSV, one after the other, all of them or none.

A line of JSON is a kiosk.domain.returns.Authorisation by its field names; amounts may be texts. A
row of CSV is one item, and rows of one return stand together. Nothing here holds more than a
chunk of returns in memory; which ids were seen is kept in a file.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from kiosk.domain import codes
from kiosk.domain.codes import third_party
from kiosk.domain.codes.model import ShortCode
from kiosk.domain.codes.third_party import MOST_FORMS, ThirdPartyForm, fingerprint
from kiosk.domain.policy.file.mistakes import meant
from kiosk.domain.policy.file.quantities import Quantity, Unit
from kiosk.domain.policy.file.quantities import read as quantity
from kiosk.domain.returns import Authorisation, ReturnLine
from kiosk.ports import Ids
from sync.central import networks
from sync.central.database import Database
from sync.central.policy import outgoing
from sync.central.tables import merchants
from sync.wire import codec
from sync.wire.lines import MAX_LINE

MOST_TOLD = 20
MOST_ITEMS = 1000
LONGEST_ID = 200
NETWORK = ("network", "network_code")
RETURN = (*(one.name for one in fields(Authorisation)), *NETWORK)
FORM = tuple(one.name for one in fields(ThirdPartyForm))
ITEM = tuple(one.name for one in fields(ReturnLine))


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that keeps a file from being taken. `line` counts from 1."""

    line: int
    problem: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many were read, and how many wait for the next bundle, of this file and others."""

    returns: int
    waiting: int


Row = tuple[int, Mapping[str, Any] | Wrong]


class _Stop(Exception):
    def __init__(self, wrong: list[Wrong]) -> None:
        super().__init__()
        self.wrong = wrong


def import_returns(
    database: Database, tenant: str, rows: Callable[[], Iterable[Row]]
) -> Imported | list[Wrong]:
    """One transaction. `rows` begins anew each time that it is called."""

    def work(c: sa.Connection) -> Imported:
        known = c.execute(sa.select(merchants.c.merchant_id).where(merchants.c.tenant == tenant))
        names = {one.name for one in networks.forms(c, tenant)}
        reading = _Reading(frozenset(known.scalars()), names, networks.pepper(c, tenant))
        with _Seen() as seen:
            good = reading.returns(rows(), seen)
            while chunk := list(islice(good, outgoing.CHUNK)):
                outgoing.put_rows(c, tenant, chunk)
        if reading.wrong:
            raise _Stop(reading.wrong)
        return Imported(reading.count, outgoing.waiting(c, tenant))

    try:
        return database.write(work)
    except _Stop as stop:
        return stop.wrong


def one(c: sa.Connection, tenant: str, told: Mapping[str, Any]) -> Authorisation | tuple[str, str]:
    """A single return, read as those of a file are, or (problem, remedy)."""
    known = c.execute(sa.select(merchants.c.merchant_id).where(merchants.c.tenant == tenant))
    names = {form.name for form in networks.forms(c, tenant)}
    reading = _Reading(frozenset(known.scalars()), names, networks.pepper(c, tenant))
    made = reading.made(0, told)
    return (made.problem, made.remedy) if isinstance(made, Wrong) else made


class _Reading:
    """Rows into returns; what is wrong is gathered, and after the first nothing is given out."""

    def __init__(self, known: frozenset[str], forms: set[str], pepper: str) -> None:
        self._known, self._forms, self._pepper = known, forms, pepper
        self.wrong: list[Wrong] = []
        self.count = 0

    def returns(self, rows: Iterable[Row], seen: _Seen) -> Iterator[Authorisation]:
        for line, told in rows:
            made = told if isinstance(told, Wrong) else self.made(line, told)
            if isinstance(made, Authorisation):
                first = seen.first(made.return_id, line)
                if first:
                    why = f"return {made.return_id} stands in line {first} already"
                    made = Wrong(line, why, "each return once; its items stand together")
            if isinstance(made, Wrong):
                self.wrong.append(made)
                if len(self.wrong) >= MOST_TOLD:
                    return
            elif not self.wrong:
                self.count += 1
                yield made

    def made(self, line: int, told: Mapping[str, Any]) -> Authorisation | Wrong:
        found = shape(told)
        if isinstance(found, tuple):
            return Wrong(line, *found)
        if found.merchant_id not in self._known:
            why = f"merchant_id: the centre knows no merchant {found.merchant_id!r}"
            return Wrong(line, why, meant(found.merchant_id, self._known) or "publish its policy")
        form, code = (str(told.get(key) or "") for key in NETWORK)
        if not form and not code:
            return found
        if form not in self._forms:
            why = f"network: there is no form {form!r}"
            return Wrong(line, why, meant(form, self._forms) or "import its form first")
        if not code:
            return Wrong(line, "network_code: is missing", "the code as its network gave it")
        print_ = fingerprint(form, code.encode(), bytes.fromhex(self._pepper))
        return replace(found, third_party=print_)


def import_forms(
    database: Database, ids: Ids, tenant: str, rows: Callable[[], Iterable[Row]]
) -> int | list[Wrong]:
    """How many forms of other networks went in, new or instead of those of their names; all of
    them must get on with each other and with those that are there. One transaction."""

    def work(c: sa.Connection) -> int:
        wrong: list[Wrong] = []
        lines: dict[str, int] = {}
        forms = {one.name: one for one in networks.forms(c, tenant)}
        for line, told in islice(rows(), MOST_FORMS + 1):
            form = told if isinstance(told, Wrong) else _form(line, told)
            if isinstance(form, ThirdPartyForm) and form.name in lines:
                why = f"form {form.name} stands in line {lines[form.name]} already"
                form = Wrong(line, why, "name each network once")
            if isinstance(form, Wrong):
                wrong.append(form)
                continue
            lines[form.name], forms[form.name] = line, form
        for problem in third_party.problems(list(forms.values())):
            names = problem.partition(": ")[0].split(" and ")
            wrong.append(Wrong(max((lines.get(name, 0) for name in names), default=0), problem))
        if wrong:
            raise _Stop(wrong)
        for name in lines:
            networks.add_form(c, ids, tenant, forms[name])
        return len(lines)

    try:
        return database.write(work)
    except _Stop as stop:
        return stop.wrong


def _form(line: int, told: Mapping[str, Any]) -> ThirdPartyForm | Wrong:
    for key in told:
        if key not in FORM:
            return Wrong(line, f"{key}: is not known here", meant(str(key), FORM))
    try:
        return msgspec.convert(told, type=ThirdPartyForm)
    except msgspec.ValidationError as error:
        return Wrong(line, *_spoken(str(error)))


def shape(told: Mapping[str, Any]) -> Authorisation | tuple[str, str]:
    """A return, or (problem, remedy)."""
    for key in told:
        if key not in RETURN:
            return f"{key}: is not known here", meant(str(key), RETURN)
    plain = {key: value for key, value in told.items() if key not in NETWORK}
    items = plain.get("lines")
    if not isinstance(items, list) or not 0 < len(items) <= MOST_ITEMS:
        return f"lines: must be a list of 1 to {MOST_ITEMS} items", ""
    amounts = [plain, *(item for item in items if isinstance(item, dict))]
    for table in amounts:
        for key in ("price", "order_value"):
            if isinstance(table.get(key), str):
                amount = quantity(table[key], Unit.MONEY)
                if not isinstance(amount, Quantity):
                    return f"{key}: {amount}", ""
                table[key] = {"minor": amount.number, "currency": amount.currency}
    for item in amounts[1:]:
        for key in item:
            if key not in ITEM:
                return f"lines: {key}: is not known here", meant(str(key), ITEM)
    wanted = {"postal_code": "", "short_code": "", "state": "authorised"}
    absent = {"delivered_on": None, "expires_at": None}
    try:
        made = msgspec.convert({**wanted, **absent, **plain}, type=Authorisation)
    except msgspec.ValidationError as error:
        return _spoken(str(error))
    return _fault(made) or made


def _spoken(error: str) -> tuple[str, str]:
    why, _, where = error.partition(" - at `$")
    remedy = 'a day as "2026-05-04"' if "date" in why else ""
    remedy = (
        'an instant with its zone, as "2026-05-04T18:00:00+02:00"' if "datetime" in why else remedy
    )
    return (f"{where.strip('.`')}: {why}" if where.strip(".`") else why), remedy


def _fault(one: Authorisation) -> tuple[str, str] | None:
    """What the types do not say."""
    for key in ("return_id", "merchant_id", "order_number"):
        text = getattr(one, key)
        if not (0 < len(text) <= LONGEST_ID and text.isprintable()):
            return f"{key}: must be 1 to {LONGEST_ID} characters that can be printed", ""
    if one.short_code and not isinstance(codes.parse_short(one.short_code), ShortCode):
        return f"short_code: {one.short_code!r} is none", "leave it empty: nobody can type it"
    if one.expires_at is not None and one.expires_at.tzinfo is None:
        return "expires_at: has no time zone", 'as "2026-05-04T18:00:00+02:00"'
    ids = [line.line_id for line in one.lines]
    if len(set(ids)) < len(ids) or "" in ids:
        return "line_id: must be there, and another one for each item", ""
    if any(line.quantity < 1 or line.price.minor < 0 for line in one.lines):
        return "quantity: must be at least 1, and price no less than 0", ""
    if len({line.price.currency for line in one.lines}) > 1:
        return "price: the items are of several currencies", "one return has one currency"
    if len(codec.encode(one)) > MAX_LINE // 2:  # with the change around it, no kiosk would take it
        return "return: is larger than half a mebibyte", "leave out what no rule asks for"
    return None


class _Seen:
    """Return ids and the line of each, in a file of its own: ten million need no memory."""

    def __enter__(self) -> _Seen:
        self._folder = tempfile.TemporaryDirectory()
        self._file = sqlite3.connect(Path(self._folder.name) / "seen.db", isolation_level=None)
        self._file.execute("PRAGMA journal_mode=OFF")
        self._file.execute("PRAGMA synchronous=OFF")
        self._file.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
        self._file.execute("BEGIN")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._folder.cleanup()

    def first(self, return_id: str, line: int) -> int:
        """The line that had it before, 0 where none had."""
        given = self._file.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (return_id, line))
        if given.rowcount:
            return 0
        found = self._file.execute("SELECT line FROM seen WHERE id = ?", (return_id,)).fetchone()
        return int(found[0])
