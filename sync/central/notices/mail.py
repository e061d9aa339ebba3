"""E-mail by SMTP (RFC 5321): one connection for many letters, and exactly known how far each got.

Between the server's 354 and its answer to the last dot nobody can say whether it has a letter. All
before is undone by hanging up; so the queue is told right before the content goes out.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, Final, Literal

import msgspec

from sync.central.notices.addresses import without
from sync.central.notices.letters import Letter, Sender, email
from sync.central.notices.model import Later, Never, Outcome, Taken, Trouble, Unsure, Way
from sync.central.rest.targets import Targets

Handing = Callable[[], bool]
"""Tells the queue that from now on nobody knows. False: it is not ours any more."""
DEADLINE_S: Final = 20.0
PORTS: Final = (25, 465, 587, 2525)


class Server(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tenant's mail server. `none` is for a relay in the centre's own house alone."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    sender: str
    name: str
    user: str = ""
    password: str = ""


class NotAllowed(OSError):
    """The server's name leads to an address that nothing is sent to."""


def connected(host: str, port: int, targets: Targets, deadline_s: float) -> socket.socket:
    """A connection to the very address that was looked at. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    names = list(dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found))
    if not names or not all(targets.fits(ip_address(one)) for one in names):
        raise NotAllowed("this address is not sent to")
    return socket.create_connection((names[0], port), timeout=deadline_s)


class _Plain(smtplib.SMTP):
    """Connects as `connected` does."""

    def __init__(self, targets: Targets, name: str, deadline_s: float) -> None:
        self._targets = targets
        super().__init__(local_hostname=name, timeout=deadline_s)

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
        self._host = host  # whose certificate STARTTLS asks for
        return connected(host, port, self._targets, timeout)


class _Tls(_Plain):
    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
        raw = super()._get_socket(host, port, timeout)
        try:
            return ssl.create_default_context().wrap_socket(raw, server_hostname=host)
        except BaseException:
            raw.close()
            raise


class Mail:
    """A post office for letters by e-mail. `hand` connects where there is no connection yet."""

    def __init__(self, server: Server, targets: Targets, deadline_s: float = DEADLINE_S) -> None:
        self._server = server
        self._targets = targets
        self._deadline_s = deadline_s
        self._smtp: _Plain | None = None

    def close(self) -> None:
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except (smtplib.SMTPException, OSError):
                self._smtp.close()
            self._smtp = None

    def hand(self, one: Letter, handing: Handing) -> Outcome:
        """Never raises for what a server can do. Raises letters' Unfit."""
        content = email(one, Sender(self._server.sender, self._server.name)).as_bytes()
        found = self._ready()
        if isinstance(found, Trouble):
            return found
        try:
            return self._envelope(found, one) or self._content(found, one, content, handing)
        except (smtplib.SMTPException, OSError) as error:  # before anything was handed over
            self._hang_up()
            return Trouble(without(one.to, _said(error)))

    def _ready(self) -> _Plain | Trouble:
        if self._smtp is not None:
            try:
                if self._smtp.rset()[0] == 250:
                    return self._smtp
            except (smtplib.SMTPException, OSError):
                pass  # it hung up meanwhile
            self._hang_up()
        try:
            self._smtp = self._connect()
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            self._hang_up()
            return Trouble(without(_ours(self._server), _said(error)))
        return self._smtp

    def _connect(self) -> _Plain:
        server = self._server
        kind = _Tls if server.security == "tls" else _Plain
        made = kind(self._targets, server.sender.rpartition("@")[2], self._deadline_s)
        self._smtp = made  # so that it is hung up whatever comes now
        code, told = made.connect(server.host, server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, told)
        made.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            made.starttls(context=ssl.create_default_context())
            made.ehlo_or_helo_if_needed()
        if server.user:
            made.login(server.user, server.password)
        return made

    def _envelope(self, smtp: _Plain, one: Letter) -> Outcome | None:
        """None where the server wants the content."""
        code, told = smtp.mail(self._server.sender)
        if code != 250:
            return Trouble(_answer(one, code, told))
        code, told = smtp.rcpt(one.to.to)
        if code in (250, 251):
            return None
        if code == 421:
            self._hang_up()
            return Trouble(_answer(one, code, told))
        return (Later if code < 500 else Never)(_answer(one, code, told))

    def _content(self, smtp: _Plain, one: Letter, content: bytes, handing: Handing) -> Outcome:
        code, told = smtp.docmd("DATA")
        if code != 354:
            return (Later if code < 500 else Never)(_answer(one, code, told))
        answered = False
        try:
            if not handing():
                return Later("held too long")  # without the last dot nothing was sent
            smtp.send(re.sub(rb"(?m)^\.", b"..", content) + b".\r\n")
            code, told = smtp.getreply()
            answered = True
        except (smtplib.SMTPException, OSError) as error:
            return Unsure(without(one.to, _said(error)))
        finally:
            if not answered:
                self._hang_up()
        if code == 250:
            return Taken(_answer(one, code, told))
        return (Later if code < 500 else Never)(_answer(one, code, told))

    def _hang_up(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def _ours(server: Server) -> Any:
    from sync.central.notices.model import Address

    return Address(Way.EMAIL, server.user or server.sender)


def _answer(one: Letter, code: int, told: bytes) -> str:
    return without(one.to, f"{code} {told.decode('utf-8', 'replace')}")


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        told = error.smtp_error
        text = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
        return f"{error.smtp_code} {text}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate: {error.verify_message}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return f"{type(error).__name__}: {error}"
