"""A driver's own settings, read strictly: an option nobody reads is a typing error."""

from __future__ import annotations

from collections.abc import Mapping

Options = Mapping[str, str | int | bool]


class Reader:
    """Reads the options of the device `name`. Every complaint is a ValueError for the engineer."""

    def __init__(self, name: str, options: Options) -> None:
        self._name = name
        self._left = dict(options)

    def text(self, key: str) -> str:
        value = self._left.pop(key, None)
        if not isinstance(value, str) or not value:
            raise ValueError(f"{self._name}: option {key!r} must be a text and is needed")
        return value

    def number(self, key: str, default: int, least: int, most: int) -> int:
        value = self._left.pop(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"{self._name}: option {key!r} must be a number {least} to {most}")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._left.pop(key, default)
        if not isinstance(value, bool):
            raise ValueError(f"{self._name}: option {key!r} must be true or false")
        return value

    def choice(self, key: str, default: str, *others: str) -> str:
        value = self._left.pop(key, default)
        known = (default, *others)
        if isinstance(value, str) and value in known:
            return value
        raise ValueError(f"{self._name}: option {key!r} must be one of {', '.join(known)}")

    def usb_id(self, key: str) -> int | None:
        value = self._left.pop(key, None)
        try:
            found = int(value, 16) if isinstance(value, str) else value
        except ValueError:
            found = -1
        if found is None or (0 <= found <= 0xFFFF and not isinstance(found, bool)):
            return found
        raise ValueError(f'{self._name}: option {key!r} must look like "0x04b8"')

    def done(self) -> None:
        if self._left:
            unknown = ", ".join(sorted(self._left))
            raise ValueError(f"{self._name}: unknown option {unknown}")
