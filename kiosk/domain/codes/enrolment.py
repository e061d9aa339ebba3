"""What enrols a new kiosk with one scan: `TE1:` and Base45 of CRC-32, secret, line feed, address.

Nothing is opened by reading it: whoever uses the address asks a person first. It is one of a
narrow form, so that it says the same to everybody who reads it: `https`, a host name in small
letters or an IPv4 address, a port if need be, a plain path without an end slash; no user, no
query, no fragment, no percent sign. `http` is taken for the machine itself only (127.0.0.1,
localhost, [::1]), where a demo's centre runs and nobody listens in between.
"""

from __future__ import annotations

import zlib

from kiosk.domain.codes import base45
from kiosk.domain.codes.model import EnrolmentCode, Unreadable
from kiosk.domain.codes.presented import Presented
from kiosk.domain.reasons import Reason, Why

PREFIX = "TE1:"
LONGEST_URL = 200
SECRET_LENGTHS = range(8, 65)
LONGEST_TEXT = len(PREFIX) + 3 * (4 + SECRET_LENGTHS[-1] + 1 + LONGEST_URL + 1) // 2

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_HOST = frozenset(_LETTERS + _DIGITS + "-")
_PATH = frozenset(_LETTERS + _LETTERS.upper() + _DIGITS + "-._~")
_SECRET = frozenset(_LETTERS.upper() + _DIGITS + "-")
_OWN_MACHINE = ("127.0.0.1", "localhost", "[::1]")


def enrolment_code(centre_url: str, secret: str) -> str:
    """ValueError for an address or a secret (8 to 64 capitals, digits, hyphens) out of form."""
    if not (is_centre_url(centre_url) and _is_secret(secret)):
        raise ValueError("an enrolment code needs a plain https address and a secret")
    body = f"{secret}\n{centre_url}".encode("ascii")
    return PREFIX + base45.encode(_crc(body) + body)


def parse(presented: Presented) -> EnrolmentCode | Unreadable | None:
    """A sum that does not fit is a wrong check; a sum that fits over another form is unreadable,
    as no software of ours made it."""
    text = presented.text.rstrip("\r\n")
    if not presented.may_be_ours or not text.startswith(PREFIX):
        return None
    if len(text) > LONGEST_TEXT:
        return Unreadable(Reason(Why.CODE_TOO_LONG), "enrolment")
    try:
        payload = base45.decode(text.removeprefix(PREFIX))
    except ValueError:
        return Unreadable(Reason(Why.CODE_WRONG_CHECK), "enrolment")
    body = payload[4:]
    if payload[:4] != _crc(body):
        return Unreadable(Reason(Why.CODE_WRONG_CHECK), "enrolment")
    secret, _, url = body.decode("ascii", errors="replace").partition("\n")
    if not (is_centre_url(url) and _is_secret(secret)):
        return Unreadable(Reason(Why.CODE_UNREADABLE), "enrolment")
    return EnrolmentCode(url, secret)


def is_centre_url(url: str) -> bool:
    """Whether an address has the one form of the module's heading."""
    scheme, found, rest = url.partition("://")
    if not found or scheme not in ("https", "http") or len(url) > LONGEST_URL:
        return False
    place, slash, path = rest.partition("/")
    host, port = _cut_port(place)
    if scheme == "http" and host not in _OWN_MACHINE:
        return False
    return _is_host(host) and _is_port(port) and (_is_path(path) if slash else True)


def _cut_port(place: str) -> tuple[str, str | None]:
    if place.startswith("[::1]"):
        rest = place.removeprefix("[::1]")
        return "[::1]", rest.removeprefix(":") if rest else None
    host, colon, port = place.partition(":")
    return host, port if colon else None


def _is_host(host: str) -> bool:
    if host == "[::1]":
        return True
    labels = host.split(".")
    if all(label.isascii() and label.isdigit() for label in labels):
        return len(labels) == 4 and all(str(int(one)) == one and int(one) < 256 for one in labels)
    named = len(host) <= 253 and all(_is_label(label) for label in labels)
    return named and labels[-1][0] in _LETTERS  # 0x7f.1 is an address to some resolvers


def _is_label(label: str) -> bool:
    plain = 1 <= len(label) <= 63 and all(character in _HOST for character in label)
    return plain and label[0] != "-" and label[-1] != "-"


def _is_port(port: str | None) -> bool:
    if port is None:
        return True
    if not (port.isascii() and port.isdigit() and len(port) <= 5):
        return False
    return str(int(port)) == port and 0 < int(port) < 65536


def _is_path(path: str) -> bool:
    parts = path.split("/")
    return all(part.strip(".") and all(c in _PATH for c in part) for part in parts)


def _is_secret(secret: str) -> bool:
    return len(secret) in SECRET_LENGTHS and all(character in _SECRET for character in secret)


def _crc(body: bytes) -> bytes:
    return zlib.crc32(body).to_bytes(4, "big")
