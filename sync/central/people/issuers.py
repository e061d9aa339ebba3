"""Services that say who somebody is, one for each tenant, from a file outside the database:

[acme]
name = "Acme login"                     # on the button
issuer = "https://login.acme.example"   # exactly as its tokens say
client_id = "takeback"
client_secret = "..."                   # none for a public client
centre = "https://returns.acme.example" # where browsers reach this centre
hosts = ["keys.acme.example"]           # further hosts of the issuer that are asked
claim = "groups"
[acme.roles]                            # what the claim says: the roles it gives
returns-team = ["viewer", "agent"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from sync.central.roles import Role

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Issuer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One service, and what its claims are worth here."""

    name: str
    issuer: str
    client_id: str
    centre: str
    roles: dict[str, tuple[Role, ...]]
    client_secret: str = ""
    hosts: tuple[str, ...] = ()
    claim: str = "groups"
    named_by: str = "preferred_username"

    @property
    def back(self) -> str:
        """Where the issuer sends browsers back to; registered there."""
        return self.centre.rstrip("/") + "/login/back"

    def asks(self, address: str) -> bool:
        """Whether an address is the issuer's own: its origin, or another host that was named."""
        mine, other = urlsplit(self.issuer), urlsplit(address)
        if (other.scheme, other.netloc) == (mine.scheme, mine.netloc):
            return True
        return other.scheme == "https" and other.netloc in self.hosts

    def granted(self, claims: Mapping[str, object]) -> frozenset[Role]:
        told = claims.get(self.claim)
        values = [told] if isinstance(told, str) else told if isinstance(told, list) else []
        named = (self.roles.get(one, ()) for one in values if isinstance(one, str))
        return frozenset(role for roles in named for role in roles)


def read(path: Path) -> dict[str, Issuer]:
    """The issuers by tenant. Raises OSError, or ValueError with a sentence."""
    try:
        told = msgspec.convert(tomllib.loads(path.read_text("utf-8")), dict[str, Issuer])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}") from error
    for tenant, one in told.items():
        for address in (one.issuer, one.centre):
            parts = urlsplit(address)
            if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
                raise ValueError(f"{path}: {tenant}: {address} is not https")
    return told
