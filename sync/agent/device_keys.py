"""The device's keys on its disk: the one in force, and for a while the one that is to come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.seal.keys import SigningKey
from kiosk.store import StoreFailed, device_key
from kiosk.store.device_key import KEY_FILE, NEXT_FILE
from kiosk.store.directory import sync_directory


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """The keys in a data directory."""

    data_dir: Path
    device_id: str

    def there(self) -> Iterator[SigningKey]:
        """Those that can be read, the coming one first."""
        for name in (NEXT_FILE, KEY_FILE):
            try:
                yield SigningKey(self.device_id, device_key.read(self.data_dir, name))
            except (OSError, ValueError, StoreFailed):
                continue

    def taken(self, public: bytes) -> None:
        """The centre takes this key: if it is the coming one, it has come. Raises OSError."""
        try:
            coming = SigningKey("", device_key.read(self.data_dir, NEXT_FILE))
        except (OSError, ValueError, StoreFailed):
            return
        if coming.public == public:
            (self.data_dir / NEXT_FILE).replace(self.data_dir / KEY_FILE)
            sync_directory(self.data_dir)
