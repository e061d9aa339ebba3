"""The peppers of a counter's digests on the disk: outside the ledger, in a file for this user alone
(mode 0600), wrapped by the store's key where the store is encrypted.

A copy of the ledger without this file can be asked for no badge and no pick-up code.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from kiosk.ports import Ids
from kiosk.seal.wrapping import NONCE_BYTES, unwrap, wrap
from kiosk.store import keys
from kiosk.store.errors import StoreCause, StoreFailed, failed
from kiosk.store.placing import put

FILE = "counter.peppers"
_WRAPPED = "wrapped:"
_PURPOSE = "counter peppers"

Peppers = tuple[tuple[str, bytes], ...]
"""Each with its id; the one that new digests are made with first."""


def read(data_dir: Path) -> Peppers:
    """() where there are none, and where the file is damaged or wrapped by another key: the
    centre tells them again. Raises StoreFailed where the store's key is not to be had."""
    path = data_dir / FILE
    try:
        text = path.read_text("ascii")
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError:
        return ()
    except OSError as error:
        raise failed(error) from error
    if text.startswith(_WRAPPED):
        root = keys.root_of(data_dir)
        opened = None if root is None else _open(root, text)
        return () if opened is None else _peppers(opened)
    return _peppers(text)


def keep(data_dir: Path, peppers: Sequence[tuple[str, bytes]], ids: Ids) -> None:
    """On the disk when this returns, in place of all that were there. Raises StoreFailed."""
    text = json.dumps([[name, secret.hex()] for name, secret in peppers])
    try:
        _put(data_dir / FILE, text, keys.root_of(data_dir), ids)
    except OSError as error:
        raise failed(error) from error


def settled(data_dir: Path, wrapped: bool) -> bool:
    """Whether what there is of them is kept this way. Raises OSError."""
    path = data_dir / FILE
    return not path.exists() or _is_wrapped(path) == wrapped


def convert(data_dir: Path, root: bytes, ids: Ids, *, wrapped: bool) -> Iterator[str]:
    """Wrap or unwrap what is there. Raises OSError, StoreFailed(CORRUPT) for a damaged file."""
    path = data_dir / FILE
    if settled(data_dir, wrapped):
        return
    text = path.read_text("ascii", errors="replace")
    plain = text if wrapped else _open(root, text)
    if plain is None or not _peppers(plain):
        raise StoreFailed(StoreCause.CORRUPT, f"{path} holds no peppers")
    _put(path, plain, root if wrapped else None, ids)
    yield f"{path.name} placed"


def _is_wrapped(path: Path) -> bool:
    return path.read_bytes().startswith(_WRAPPED.encode())


def _open(root: bytes, text: str) -> str | None:
    try:
        found = unwrap(root, _PURPOSE, bytes.fromhex(text.removeprefix(_WRAPPED)))
        return None if found is None else found.decode("ascii")
    except ValueError:
        return None


def _peppers(text: str) -> Peppers:
    try:
        return tuple((str(name), bytes.fromhex(secret)) for name, secret in json.loads(text))
    except (ValueError, TypeError):
        return ()


def _put(path: Path, text: str, root: bytes | None, ids: Ids) -> None:
    if root is not None:
        nonce = ids.token(8 * NONCE_BYTES).to_bytes(NONCE_BYTES)
        text = _WRAPPED + wrap(root, _PURPOSE, text.encode(), nonce).hex()
    put(path, text.encode(), 0o600)
