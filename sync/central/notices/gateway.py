"""SMS, WhatsApp and messengers through Apprise: one address a channel, `{to}` in the recipient's
place (https://github.com/caronc/apprise/wiki has each provider's form).

    twilio://SID:TOKEN@+15551230000/{to}        whatsapp://TOKEN@PHONE_ID/{to}
    jsons://gateway.shop.example/send?:to={to}

Only providers of a list are taken: Apprise knows addresses that write files or speak to the
desktop, too. What a provider's host is, Apprise says; one's own host must be one that the centre
sends to (sync.central.rest.targets). Apprise resolves that name once more by itself, so a name
that changes in that moment is not caught: name such gateways by their address.

Apprise answers yes or no. What is behind a no, its log says, which is read here and goes nowhere
else: it holds addresses and texts. Whatever it does not say clearly is taken as "nobody knows".
"""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

import msgspec

from sync.central.notices.addresses import without
from sync.central.notices.letters import Letter
from sync.central.notices.mail import Handing
from sync.central.notices.model import (
    Address,
    Later,
    Never,
    Outcome,
    Taken,
    Trouble,
    Unsure,
    Way,
)
from sync.central.rest.targets import Targets

if TYPE_CHECKING:
    from apprise import NotifyBase

PLACE: Final = "{to}"
LONGEST: Final = 1000
_OWN: Final = frozenset({"json", "jsons", "signal", "signals"})
"""Their host is whoever's the address says."""
_TEXTS: Final = frozenset(
    {"twilio", "vonage", "nexmo", "msgbird", "sinch", "plivo", "clicksend", "bulksms", "burstsms"}
    | {"46elks", "elks", "seven", "infobip", "json", "jsons"}
)
SCHEMES: Final = {
    Way.SMS: _TEXTS,
    Way.WHATSAPP: frozenset({"whatsapp", "twilio", "infobip", "json", "jsons"}),
    Way.TELEGRAM: frozenset({"tgram", "json", "jsons"}),
    Way.SIGNAL: frozenset({"signal", "signals", "json", "jsons"}),
    Way.WEBHOOK: frozenset({"json", "jsons"}),
}
_SAMPLES: Final = {Way.TELEGRAM: "12315544", Way.WEBHOOK: "sample"}
_STATUS: Final = re.compile(r"error=(\d{3})\b")
_BEFORE: Final = (
    "Failed to establish a new connection",
    "NameResolutionError",
    "Failed to resolve",
    "Connection refused",
    "ConnectTimeoutError",
    "CERTIFICATE_VERIFY_FAILED",
)
"""What requests says where nothing was handed over."""
_PATIENCE: Final = (408, 425, 429)


class Gateway(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A provider's address, with `{to}` in it."""

    url: str


def problem(way: Way, url: str, targets: Targets) -> str:
    """Why a channel cannot be this address: "" for no reason, else form | scheme | place | host."""
    scheme = url.partition("://")[0].lower()
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        return "form"
    if scheme not in SCHEMES.get(way, frozenset()):
        return "scheme"
    if url.count(PLACE) != 1 or "verify=" in url.lower():
        return "place" if PLACE not in url else "form"
    sample = Address(way, _SAMPLES.get(way, "+15557654321"))
    made = _made(url, sample)
    if made is None:
        return "form"
    return "" if scheme not in _OWN or _fits(url, targets) else "host"


def shown(url: str) -> str:
    """What of an address is no secret: the provider, or one's own host."""
    scheme = url.partition("://")[0].lower()
    if scheme not in _OWN:
        return scheme
    parts = urlsplit(url)
    return f"{scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")


class Provider:
    """A post office for everything but e-mail."""

    def __init__(self, gateway: Gateway, targets: Targets) -> None:
        self._url = gateway.url
        self._targets = targets

    def close(self) -> None:
        """There is no connection to keep."""

    def hand(self, one: Letter, handing: Handing) -> Outcome:
        scheme = self._url.partition("://")[0].lower()
        if scheme in _OWN and not _fits(self._url, self._targets):
            return Trouble("this address is not sent to")
        url = self._url
        if scheme in ("json", "jsons"):  # so that one's own gateway can tell a message it has
            url += ("&" if "?" in url else "?") + f"+Idempotency-Key={quote(one.message_id)}"
        made = _made(url, one.to)
        if made is None:
            return Never("the provider takes no such address")
        if not handing():
            return Later("held too long")
        from apprise import NotifyFormat, NotifyType

        with _listening() as heard:
            try:
                good = made.notify(
                    body=one.short, body_format=NotifyFormat.TEXT, notify_type=NotifyType.INFO
                )
            except Exception as error:  # noqa: BLE001 - a provider's own code, of two hundred
                return Unsure(without(one.to, f"{type(error).__name__}: {error}"))
        return Taken() if good else _meant(one.to, heard)


def _to(address: Address) -> str:
    """In a provider's address: numbers without their plus, which would be a space there."""
    return quote(address.to.lstrip("+"), safe="")


def _made(url: str, to: Address) -> NotifyBase | None:
    """The provider for one recipient; None where it does not understand the address. Who takes no
    target would send to somebody else, its own number for one."""
    import apprise

    asset = apprise.AppriseAsset(
        app_id="Takeback",
        async_mode=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
        plugin_paths=[],
        http_redirects=False,
        interpret_emojis=False,
        interpret_escapes=False,
        secure_logging=True,
        service_timeout=60.0,
    )
    with _listening():
        made = apprise.Apprise.instantiate(
            url.replace(PLACE, _to(to)), asset=asset, suppress_exceptions=True
        )
    if made is None:
        return None
    targets = getattr(made, "targets", None)
    return made if targets is None or len(targets) == 1 else None


def _fits(url: str, targets: Targets) -> bool:
    try:
        parts = urlsplit(url.replace(PLACE, "to"))
        found = socket.getaddrinfo(parts.hostname, parts.port, type=socket.SOCK_STREAM)
    except (OSError, ValueError, UnicodeError):
        return False
    names = {str(one[4][0]).partition("%")[0] for one in found}
    return bool(names) and all(targets.fits(ip_address(one)) for one in names)


class _Ear(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What Apprise says meanwhile, for us alone: it would write addresses into our log."""
    log, ear = logging.getLogger("apprise"), _Ear()
    level, goes_on = log.level, log.propagate
    log.addHandler(ear)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    try:
        yield ear.lines
    finally:
        log.removeHandler(ear)
        log.setLevel(level)
        log.propagate = goes_on


def _meant(to: Address, heard: list[str]) -> Outcome:
    told = "\n".join(heard)
    if found := _STATUS.search(told):
        status = int(found[1])
        answer = without(to, f"status {status}")
        if status in (401, 403):
            return Trouble(answer)
        if status >= 500 or status in _PATIENCE:
            return Later(answer)
        return Never(answer)
    if any(one in told for one in _BEFORE):
        return Trouble("no connection")
    return Unsure("no clear answer")
