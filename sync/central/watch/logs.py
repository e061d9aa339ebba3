"""What the centre writes down of itself: a line an event, JSON for machines, plain for a terminal.

The standard library's logging, with two formatters of ours: every record of every library comes
out in one form, with the request it belongs to. structlog would add a dependency and leave us the
same formatter to write.

What must not be written down: passwords, keys, tokens, secrets, and what shoppers and people typed.
So no line holds a path, a query, a header or a body: a route is told by its template, and of a
database's fault neither the parameters nor the rows.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum, unique
from typing import Any, Final, TextIO

import msgspec

FIELDS: Final = "takeback"
"""Under `extra`: a dictionary of what a line tells besides its text."""
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_ROWS: Final = re.compile(r"^(DETAIL|CONTEXT|\[parameters:|\[SQL:).*$", re.MULTILINE)
_LONGEST: Final = 20_000


@unique
class Form(StrEnum):
    AUTO = "auto"  # plain on a terminal, else JSON
    JSON = "json"
    PLAIN = "plain"


@dataclass(slots=True)
class Noted:
    """What is known of the request that is being answered; filled in as it becomes known."""

    request_id: str
    tenant: str = ""
    device: str = ""

    def told(self) -> dict[str, str]:
        told = {"request_id": self.request_id, "tenant": self.tenant, "device": self.device}
        return {name: value for name, value in told.items() if value}


HERE: Final[ContextVar[Noted | None]] = ContextVar("takeback.request", default=None)


def note(*, tenant: str = "", device: str = "") -> None:
    """Whose request this is, once that is proven; from any thread that works for it."""
    noted = HERE.get()
    if noted is not None:
        noted.tenant, noted.device = tenant or noted.tenant, device or noted.device


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    noted = HERE.get()
    return {**(noted.told() if noted else {}), **getattr(record, FIELDS, {})}


def _time(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _fault(record: logging.LogRecord) -> str:
    """The story of an exception without the rows that a database tells of."""
    if not record.exc_info or record.exc_info[0] is None:
        return ""
    told = "".join(traceback.format_exception(*record.exc_info))
    return _ROWS.sub(r"\1 left out", told)[-_LONGEST:].rstrip()


class AsJson(logging.Formatter):
    """`time` (UTC), `level`, `logger`, `event`, then what is known of the request."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **_fields(record),
        }
        if fault := _fault(record):
            told["fault"] = fault
        return msgspec.json.encode(told, enc_hook=str).decode()


class Plain(logging.Formatter):
    """For people. What could move a terminal's cursor or begin a line is shown as a sign."""

    def format(self, record: logging.LogRecord) -> str:
        fields = "".join(f" {name}={value}" for name, value in _fields(record).items())
        text = f"{record.getMessage()}{fields}".replace("\n", "�")
        line = f"{_time(record)} {record.levelname:<7} {record.name}: {text}"
        fault = _fault(record)
        return _CONTROLS.sub("�", f"{line}\n{fault}" if fault else line)


def set_up(form: Form, level: str, stream: TextIO | None = None) -> None:
    """For the whole process: everything that is logged goes to `stream` (standard error)."""
    to = sys.stderr if stream is None else stream
    plain = form is Form.PLAIN or (form is Form.AUTO and to.isatty())
    handler = logging.StreamHandler(to)
    handler.setFormatter(Plain() if plain else AsJson())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger("uvicorn.access").disabled = True  # it tells paths with their queries
    logging.captureWarnings(True)
