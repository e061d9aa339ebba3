"""A language's catalogue: found as .po, compiled in memory, kept compiled by content."""

from __future__ import annotations

import gettext
import io
import os
import struct
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "i18n"


def default_cache() -> Path | None:
    """Where compiled catalogues are kept for this user; None where there is no such place."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if base:
        return Path(base) / "takeback" / "words"
    try:
        return Path.home() / ".cache" / "takeback" / "words"
    except RuntimeError:  # an unprivileged service account without a home
        return None


def load(po: Path, cache: Path | None) -> gettext.NullTranslations:
    """The catalogue of one .po file. Raises OSError if it cannot be read.

    The compiled form is named by the source's hash, so it can never be out of date, and a
    damaged one is compiled anew.
    """
    source = po.read_bytes()
    if cache is None:
        return _parse(_compile(source))
    import hashlib  # English, the usual start, has no catalogue and needs none of it

    kept = cache / f"{po.stem}-{hashlib.sha256(source).hexdigest()[:24]}.mo"
    try:
        return _parse(kept.read_bytes())
    except (OSError, ValueError, struct.error, IndexError):
        compiled = _compile(source)
        _keep(kept, compiled)
        return _parse(compiled)


def _parse(compiled: bytes) -> gettext.NullTranslations:
    return gettext.GNUTranslations(io.BytesIO(compiled))


def _compile(source: bytes) -> bytes:
    # Babel takes a tenth of a second to import; a kiosk that speaks English from the start and
    # German from its cache never pays it for words alone.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source)))
    return compiled.getvalue()


def _keep(kept: Path, compiled: bytes) -> None:
    """Store the compiled form, whole or not at all; a read-only cache only costs time."""
    aside = kept.with_suffix(f".{os.getpid()}.part")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(compiled)
        aside.replace(kept)
    except OSError:
        return
