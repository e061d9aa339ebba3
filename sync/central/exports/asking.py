"""What is asked for: whose rows, of which days, in which form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from importlib.util import find_spec
from zoneinfo import ZoneInfo

LONGEST = timedelta(days=3 * 366)
"""More than any period that somebody keeps books over; a slip of the year is told, not served."""


class What(Enum):
    DROPS = "drops"
    LINES = "lines"
    CASES = "cases"
    KIOSKS = "kiosks"
    EVENTS = "events"  # EPCIS only
    MOVEMENTS = "movements"


class Form(Enum):
    CSV = "csv"
    EXCEL = "xlsx"
    PARQUET = "parquet"
    EPCIS = "jsonld"


MEDIA: Mapping[Form, str] = {
    Form.CSV: "text/csv; header=present",
    Form.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.PARQUET: "application/vnd.apache.parquet",
    Form.EPCIS: "application/ld+json",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows somebody may see: a tenant's, or only those of some merchants. None is all of
    them; an empty set is none."""

    tenant: str
    merchants: frozenset[str] | None = None

    def narrowed(self, merchant: str) -> Scope:
        """Only that merchant's, if it may be seen at all."""
        if self.merchants is not None and merchant not in self.merchants:
            return Scope(self.tenant, frozenset())
        return Scope(self.tenant, frozenset({merchant}))


@dataclass(frozen=True, slots=True)
class Asked:
    """`first` to `last` are whole days of `zone`, both of them in; `site` "" is every one.
    `mark` opens a CSV with a byte order mark, as Excel wants it."""

    what: What
    form: Form
    scope: Scope
    first: date
    last: date
    zone: ZoneInfo
    site: str = ""
    mark: bool = True

    @property
    def since(self) -> datetime:
        return datetime.combine(self.first, time(), self.zone)

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)

    @property
    def file_name(self) -> str:
        span = "" if self.what is What.KIOSKS else f"-{self.first}-{self.last}"
        return f"takeback-{self.what.value}{span}.{self.form.value}"


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why it cannot be had: period | form | what | day | rights."""

    why: str


def forms_of(what: What) -> tuple[Form, ...]:
    """Parquet only where its library is installed: `pip install takeback[parquet]`."""
    if what is What.EVENTS:
        return (Form.EPCIS,)
    parquet = (Form.PARQUET,) if find_spec("pyarrow") else ()
    return (Form.CSV, Form.EXCEL, *parquet)


def ask(
    told: Mapping[str, str], scope: Scope, zone: ZoneInfo, today: date, formed: Form | None = None
) -> Asked | Wrong:
    """From the fields `what`, `form`, `first`, `last`, `site`, `merchant`, `mark` of a page or an
    address; days are ISO 8601, "" is today."""
    try:
        what = What(told.get("what", "drops"))
        form = formed or Form(told.get("form", forms_of(what)[0].value))
    except ValueError:
        return Wrong("what")
    try:
        first, last = (date.fromisoformat(told.get(name) or str(today)) for name in _DAYS)
    except ValueError:
        return Wrong("day")
    if form not in forms_of(what):
        return Wrong("form")
    if not (_EARLIEST <= first <= last <= _LATEST) or last - first > LONGEST:
        return Wrong("period")
    if what in _HOUSE and scope.merchants is not None:
        return Wrong("rights")
    merchant = told.get("merchant", "") if what is not What.MOVEMENTS else ""
    seen = scope.narrowed(merchant) if merchant else scope
    mark = told.get("mark", "yes") != "no"
    return Asked(what, form, seen, first, last, zone, told.get("site", ""), mark)


_HOUSE = (What.KIOSKS, What.MOVEMENTS)
"""The fleet, and containers that are shared: nobody's single merchant's."""
_DAYS = ("first", "last")
_EARLIEST, _LATEST = date(1900, 1, 2), date(9000, 1, 1)  # room for every zone around them
