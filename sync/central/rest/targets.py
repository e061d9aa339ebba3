"""Where webhooks may be sent: to public addresses over TLS, and to networks that the operator of
the centre names. A merchant writes the address; without this the centre would knock for it at
doors inside its own house (server-side request forgery, OWASP ASVS 5.0, 1.3.6).

What counts is the address that is connected to, looked at after the name was resolved: the name
may point elsewhere a moment later.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import urlsplit

LONGEST = 1000
_NAT64 = IPv6Network("64:ff9b::/96")
Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Targets:
    """`allowed` are networks besides the public ones; plain HTTP is for literal addresses in them
    alone."""

    allowed: tuple[Network, ...] = ()

    @classmethod
    def of(cls, networks: tuple[str, ...]) -> Targets:
        """Raises ValueError for what is no network, as 10.1.0.0/16 is."""
        return cls(tuple(ip_network(one) for one in networks))

    def problem(self, url: str) -> str:
        """Why nothing can be sent to this address, as far as its text tells; "" for no reason."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            return "is no address"
        if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url:
            return "is no address, or a very long one"
        if parts.username is not None or parts.password is not None or parts.fragment or not host:
            return "must name a host, and neither a user nor a fragment"
        literal = _literal(host)
        if literal is not None and not self.fits(literal):
            return "is in a network that nothing is sent to"
        if parts.scheme == "http" and literal is not None and self._is_allowed(literal):
            return ""
        return "" if parts.scheme == "https" else "must begin with https://"

    def fits(self, address: Address) -> bool:
        """Whether it may be connected to."""
        meant = _meant(address)
        if self._is_allowed(meant):
            return True
        return meant.is_global and not meant.is_multicast

    def _is_allowed(self, address: Address) -> bool:
        meant = _meant(address)
        return any(meant in one for one in self.allowed if one.version == meant.version)


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 one carries through a translator or tunnel, where it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.teredo is not None:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour or address
