"""Whose signatures count while a file is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.audit.findings import Given, KeyUse
from kiosk.audit.lines import Key, Role
from kiosk.seal.keys import PUBLIC_BYTES

MOST_KEYS = 256


@dataclass(slots=True)
class _Held:
    public: bytes
    counts: bool
    used: int = 0


@dataclass(slots=True)
class Keyring:
    given: Given
    _held: dict[tuple[Role, str, bytes], _Held] = field(default_factory=dict)

    def add(self, key: Key) -> str:
        """Why the line cannot stand there, "" where it can."""
        try:
            public = bytes.fromhex(key.public)
        except ValueError:
            public = b""
        if len(public) != PUBLIC_BYTES or public.hex() != key.public:
            return "names a key that is none"
        if len(self._held) >= MOST_KEYS:
            return "is one key too many"
        given = self.given.of(key.role)
        self._held[key.role, key.kid, public] = _Held(public, not given or public in given)
        return ""

    def candidates(self, role: Role, kid: str) -> list[bytes]:
        """The keys of that name: two of one name may have followed each other."""
        return [one.public for (r, k, _), one in self._held.items() if (r, k) == (role, kid)]

    def use(self, role: Role, kid: str, public: bytes) -> bool:
        """Count a signature that holds; whether it proves anything."""
        one = self._held[role, kid, public]
        one.used += 1
        return one.counts

    def told(self) -> tuple[KeyUse, ...]:
        return tuple(
            KeyUse(role, kid, public.hex(), self._why(role, one), one.used)
            for (role, kid, public), one in self._held.items()
        )

    def _why(self, role: Role, one: _Held) -> str:
        if not one.counts:
            return "not given"
        return "given" if self.given.of(role) else "contained"
