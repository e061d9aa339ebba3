"""The key that the store is encrypted with: who keeps it, and how a file is opened with it.

`store.seal` beside the ledger says that the store is encrypted, who keeps its key and a check of
that key; never the key itself. Each file shows by its first bytes whether it is plain: a switch
that was cut off half-way leaves both kinds, and both open. A key that is missing or another's is
a failure of its own (SEALED), never a damaged file: a new, empty store would hide what is there.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, assert_never

import msgspec

from kiosk.seal.wrapping import KEY_BYTES, derive
from kiosk.store.directory import make_directory
from kiosk.store.errors import StoreCause, StoreFailed, failed
from kiosk.store.placing import put

SEAL = "store.seal"
CREDENTIAL = "takeback-store-key"
_PLAIN = b"SQLite format 3\0"  # https://www.sqlite.org/fileformat.html, 1.3
_HEX = 2 * KEY_BYTES

Kind = Literal["credential", "file"]


class KeyKeeper(Protocol):
    """Where a root key lives: 32 bytes, outside the data directory."""

    @property
    def kind(self) -> Kind: ...
    @property
    def place(self) -> Path: ...
    @property
    def protects(self) -> str:
        """What this way of keeping it is good for, as a sentence for the engineer."""
        ...

    def get(self) -> bytes | None:
        """The key; None where there is none. Raises StoreFailed(SEALED) for what is none."""
        ...

    def make(self, key: bytes) -> None:
        """Keep a new key, on the disk when this returns. Raises StoreFailed(SEALED) where it
        cannot be kept, or one is kept already."""
        ...


@dataclass(frozen=True, slots=True)
class Credential:
    """What systemd hands to the service (`LoadCredentialEncrypted=`, systemd.exec(5)). It lives
    in memory only that swaps nowhere; on the disk it is encrypted, with the TPM where the machine
    has one. We can read it and never write it."""

    place: Path
    kind: Kind = "credential"

    @property
    def protects(self) -> str:
        tpm = Path("/dev/tpmrm0").exists()
        with_tpm = (
            "a disk taken out of this machine cannot be read, if it was sealed with the TPM"
            if tpm
            else "no TPM here: systemd seals it with a key on the same disk, so a copied data "
            "directory or backup cannot be read, a whole stolen disk can"
        )
        return f"from systemd's credentials; {with_tpm}"

    def get(self) -> bytes | None:
        return _read(self.place)

    def make(self, key: bytes) -> None:
        del key
        raise StoreFailed(StoreCause.SEALED, f"{self.place} cannot be written; systemd gives it")


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file for this user only, in a folder of its own outside the data directory."""

    place: Path
    kind: Kind = "file"

    @property
    def protects(self) -> str:
        return (
            f"from the file {self.place}; a copied data directory or backup cannot be read, "
            "a whole stolen disk can"
        )

    def get(self) -> bytes | None:
        return _read(self.place)

    def make(self, key: bytes) -> None:
        if self.place.exists():
            raise StoreFailed(StoreCause.SEALED, f"{self.place} is there already")
        try:
            make_directory(self.place.parent)
            put(self.place, f"{key.hex()}\n".encode(), 0o600)
        except OSError as error:
            why = f"the key cannot be written to {self.place}: {error.strerror}"
            raise StoreFailed(StoreCause.SEALED, why) from error


class Seal(msgspec.Struct, frozen=True, kw_only=True):
    """`store.seal`, as JSON."""

    form: int = 1
    keeper: Kind
    place: str
    check: str
    """Tells the right key from another; gives nothing away about it."""


def keeper_of(kind: Kind, place: Path) -> KeyKeeper:
    match kind:
        case "credential":
            return Credential(_credential() or place)
        case "file":
            return KeyFile(place)
        case _:
            assert_never(kind)


def best(key_file: Path) -> KeyKeeper:
    """systemd's credential where the service has one, else the file."""
    given = _credential()
    return KeyFile(key_file) if given is None else Credential(given)


def _credential() -> Path | None:
    directory = os.environ.get("CREDENTIALS_DIRECTORY", "")
    path = Path(directory) / CREDENTIAL
    return path if directory and path.exists() else None


def _read(path: Path) -> bytes | None:
    """32 bytes as they are, or in hex with white space around."""
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        why = f"the key in {path} cannot be read: {error.strerror}"
        raise StoreFailed(StoreCause.SEALED, why) from error
    if len(found) == KEY_BYTES:
        return found
    text = found.strip()
    try:
        key = bytes.fromhex(text.decode("ascii"))
    except ValueError:
        key = b""
    if len(text) != _HEX or len(key) != KEY_BYTES:
        why = f"{path} holds no key of {KEY_BYTES} bytes"
        raise StoreFailed(StoreCause.SEALED, why)
    return key


def check_of(key: bytes) -> str:
    return derive(key, "store check")[:16].hex()


def seal_of(directory: Path) -> Seal | None:
    """None for a plain store. Raises StoreFailed."""
    try:
        return msgspec.json.decode((directory / SEAL).read_bytes(), type=Seal)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise failed(error) from error
    except msgspec.MsgspecError as error:
        why = f"{directory / SEAL} is damaged; put it back from a backup of this kiosk"
        raise StoreFailed(StoreCause.SEALED, why) from error


def root_of(directory: Path) -> bytes | None:
    """The root key of the store in this directory; None for a plain one. Raises StoreFailed:
    SEALED where the key is missing or another's."""
    seal = seal_of(directory)
    return None if seal is None else root_for(seal)


def root_for(seal: Seal) -> bytes:
    """As `root_of`, for a seal."""
    keeper = keeper_of(seal.keeper, Path(seal.place))
    key = keeper.get()
    if key is None:
        why = f"the store is encrypted, and its key is not in {keeper.place}"
        raise StoreFailed(StoreCause.SEALED, why)
    if not hmac.compare_digest(check_of(key), seal.check):
        why = f"the key in {keeper.place} is not the one the store is encrypted with"
        raise StoreFailed(StoreCause.SEALED, why)
    return key


def is_plain(path: Path) -> bool:
    """Whether a file that is there is a database without encryption. Raises OSError."""
    with path.open("rb") as file:
        return file.read(len(_PLAIN)) == _PLAIN


def key_text(path: Path) -> str:
    """What PRAGMA key and ATTACH ... KEY want for this file: a raw key, "" for none. A file that
    is not there, or empty, is to be made like the rest of its store. The seal lies in the file's
    own directory or, for what a recovery writes and puts aside, above it. Raises StoreFailed."""
    home = next((place for place in path.parents[:3] if (place / SEAL).exists()), None)
    root = None if home is None else root_of(home)
    if root is None:
        return ""
    try:
        if path.exists() and path.stat().st_size and is_plain(path):
            return ""
    except OSError as error:
        raise failed(error) from error
    return raw(root)


def raw(root: bytes) -> str:
    """A key that is used as it is, without the cost of stretching a passphrase."""
    return f"x'{derive(root, 'store').hex()}'"


def unlock(connection: Any, path: Path) -> None:
    """To be the first thing that a new driver connection does. Raises StoreFailed."""
    use(connection, key_text(path))


def use(connection: Any, key: str) -> None:
    """As `unlock`, with the key as `key_text` gave it."""
    if key:
        connection.execute(f'PRAGMA key="{key}"')
        # What sorts and sub-selects put aside is not encrypted: it stays in memory.
        connection.execute("PRAGMA temp_store=MEMORY")
