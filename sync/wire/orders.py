"""What a centre orders one kiosk to do, sealed like a bundle by a key that signs them."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping

from kiosk.seal import envelope
from kiosk.seal.keys import SigningKey
from sync.wire import codec
from sync.wire.messages import Command, DeviceSettings, Orders

SETTINGS_TYPE = "application/vnd.takeback.device-settings.v1+json"
COMMAND_TYPE = "application/vnd.takeback.device-command.v1+json"
MAX_ORDER = 32 << 10
MAX_COMMANDS = 20


def seal_settings(told: DeviceSettings, key: SigningKey) -> bytes:
    return envelope.seal(codec.encode(told), SETTINGS_TYPE, key)


def seal_command(told: Command, key: SigningKey) -> bytes:
    return envelope.seal(codec.encode(told), COMMAND_TYPE, key)


def answer(settings: bytes | None, commands: Iterable[bytes]) -> Orders:
    return Orders(
        settings="" if settings is None else base64.b64encode(settings).decode(),
        commands=tuple(base64.b64encode(one).decode() for one in commands),
    )


def open_settings(text: str, keys: Mapping[str, bytes]) -> DeviceSettings | None:
    """The settings, if one of `keys` signed them and they are some."""
    payload = envelope.open(_bytes(text), SETTINGS_TYPE, keys)
    told = codec.decode(payload, DeviceSettings) if isinstance(payload, bytes) else None
    return told if told is not None and told.version > 0 else None


def open_command(text: str, keys: Mapping[str, bytes]) -> Command | None:
    """The command, if one of `keys` signed it and it is one."""
    payload = envelope.open(_bytes(text), COMMAND_TYPE, keys)
    told = codec.decode(payload, Command) if isinstance(payload, bytes) else None
    return told if told is not None and told.number > 0 and told.expires.tzinfo else None


def _bytes(text: str) -> bytes:
    """b"" for what is no base64 or too long, which no key has signed."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return b""
    return data if len(data) <= MAX_ORDER else b""
