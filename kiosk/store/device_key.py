"""The device's private key on the disk: as it is (hex, mode 0600), or wrapped by the store's key.

A new key waits in a file of its own until the centre has taken it: see sync.agent.rotation.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kiosk.ports import Ids
from kiosk.seal.wrapping import NONCE_BYTES, unwrap, wrap
from kiosk.store import keys
from kiosk.store.errors import StoreCause, StoreFailed
from kiosk.store.placing import put

KEY_FILE = "device.key"
NEXT_FILE = "device.key.next"
_NAMES = (KEY_FILE, NEXT_FILE)
_WRAPPED = "wrapped:"
_PURPOSE = "device key"


def read(data_dir: Path, name: str = KEY_FILE) -> bytes:
    """The 32-byte seed. Raises OSError, ValueError for a damaged file, StoreFailed(SEALED) where
    it is wrapped and the store's key is not to be had."""
    text = (data_dir / name).read_text("ascii")
    if not text.startswith(_WRAPPED):
        return bytes.fromhex(text)
    root = keys.root_of(data_dir)
    if root is None:
        raise StoreFailed(StoreCause.SEALED, f"{data_dir / name} is wrapped, and no seal is here")
    return _open(root, text)


def write(data_dir: Path, seed: bytes, ids: Ids, name: str = KEY_FILE) -> None:
    """On the disk when it returns; wrapped where the store is encrypted. Raises OSError,
    StoreFailed."""
    _put(data_dir / name, seed, keys.root_of(data_dir), ids)


def settled(data_dir: Path, wrapped: bool) -> bool:
    """Whether what there is of keys is kept this way."""
    return all(_is_wrapped(path) == wrapped for path in _there(data_dir))


def convert(data_dir: Path, root: bytes, ids: Ids, *, wrapped: bool) -> Iterator[str]:
    """Wrap or unwrap what is there. Raises OSError, StoreFailed(CORRUPT) for a damaged file."""
    for path in _there(data_dir):
        if _is_wrapped(path) == wrapped:
            continue
        try:
            text = path.read_text("ascii")
            seed = bytes.fromhex(text) if wrapped else _open(root, text)
        except ValueError as error:
            raise StoreFailed(StoreCause.CORRUPT, f"{path} holds no key") from error
        _put(path, seed, root if wrapped else None, ids)
        yield f"{path.name} placed"


def _there(data_dir: Path) -> list[Path]:
    return [data_dir / name for name in _NAMES if (data_dir / name).exists()]


def _is_wrapped(path: Path) -> bool:
    return path.read_bytes().startswith(_WRAPPED.encode())


def _open(root: bytes, text: str) -> bytes:
    seed = unwrap(root, _PURPOSE, bytes.fromhex(text.removeprefix(_WRAPPED)))
    if seed is None:
        raise ValueError("changed, or wrapped by another key")
    return seed


def _put(path: Path, seed: bytes, root: bytes | None, ids: Ids) -> None:
    if root is None:
        text = seed.hex()
    else:
        nonce = ids.token(8 * NONCE_BYTES).to_bytes(NONCE_BYTES)
        text = _WRAPPED + wrap(root, _PURPOSE, seed, nonce).hex()
    put(path, text.encode(), 0o600)
