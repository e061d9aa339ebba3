"""The machine itself: do the libraries load and work, and do the settings fit it?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk.checks import Check
from kiosk.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SETUP = "Run `make setup` in the checkout: it installs the Debian packages and the Python ones."
THEMES = Path(__file__).resolve().parents[2] / "assets" / "themes"
FONTS = {
    "Inter": "fonts-inter",
    "Noto Sans": "fonts-noto-core",
    "Noto Sans Arabic": "fonts-noto-core",
    "Noto Sans CJK JP": "fonts-noto-cjk",
}
_PROOF = "TAKEBACK DOCTOR"
_WINDOW_S = 50.0


def python() -> list[Check]:
    found = ".".join(map(str, sys.version_info[:3]))
    well = sys.version_info >= (3, 11)
    mend = "" if well else "Takeback needs Python 3.11 or newer: PYTHON=/path/to/it make setup"
    return [Check("python", well, found, mend)]


def window() -> list[Check]:
    """Qt, and the fonts that it finds: in a process of its own, since Qt ends the process where
    a system library is missing."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "ui.probe"]
    done = subprocess.run(  # noqa: S603 - our own program, no shell
        command, env=environment, capture_output=True, text=True, timeout=_WINDOW_S, check=False
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"])[-1]
        return [Check("window", False, f"Qt does not start: {last}", SETUP)]
    told = json.loads(done.stdout)
    return [_qt(told["qt"]), _fonts(set(told["families"]))]


def _qt(found: str) -> Check:
    # PySide6 6.12.0 loses references on every signal with Python 3.11: aborts after some hundred.
    if found.startswith("6.12.0") and sys.version_info < (3, 12):
        mend = f"Qt {found} breaks down on this Python. {SETUP}"
        return Check("window", False, f"Qt {found}", mend)
    return Check("window", True, f"Qt {found}")


def _fonts(families: set[str]) -> Check:
    missing = [family for family in FONTS if family not in families]
    if not missing:
        return Check("fonts", True, "Inter and Noto are there")
    packages = " ".join(sorted({FONTS[family] for family in missing}))
    return Check(
        "fonts", False, f"missing: {', '.join(missing)}", f"sudo apt-get install {packages}"
    )


def pictures() -> list[Check]:
    try:
        import cv2
    except ImportError as error:
        return [Check("pictures", False, f"OpenCV does not load: {error}", SETUP)]
    return [Check("pictures", True, f"OpenCV {cv2.__version__}")]


def zxing() -> list[Check]:
    try:
        import zxingcpp

        read = [barcode.text for barcode in zxingcpp.read_barcodes(_sample())]
    except ImportError as error:
        return [Check("zxing-cpp", False, f"does not load: {error}", SETUP)]
    return [_reads("zxing-cpp", version("zxing-cpp"), read)]


def zbar() -> list[Check]:
    """pyzbar is Python only; the decoder is a system library that it looks for when imported."""
    try:
        from drivers.scanners.decoders import zbar as decoder
        from drivers.scanners.formats import rows
    except ImportError as error:
        return [Check("zbar", False, f"does not load: {error}", "sudo apt-get install libzbar0")]
    from kiosk.ports import Symbology

    read = [one.text for one in decoder.read(_sample(), rows({Symbology.QR}))]
    return [_reads("zbar", f"by pyzbar {version('pyzbar')}", read)]


def _sample() -> NDArray[np.uint8]:
    """A QR code as a scanner gets it: grey, with its quiet zone, four pixels a module."""
    import numpy as np
    import segno

    modules = segno.make(_PROOF, micro=False).matrix_iter(scale=4, border=4)
    return np.array([[0 if dark else 255 for dark in row] for row in modules], np.uint8)


def _reads(name: str, about: str, read: list[str]) -> Check:
    if read == [_PROOF]:
        return Check(name, True, f"{about}, reads a sample")
    return Check(name, False, f"{about} does not read a sample code: {read}", SETUP)


def database() -> list[Check]:
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        return [Check("database", False, f"sqlcipher3 does not load: {error}", SETUP)]
    return [Check("database", True, f"SQLite {dbapi2.sqlite_version}")]


def settled(settings: Settings) -> list[Check]:
    """Names in the settings that must exist on this machine."""
    return [zone(settings.timezone), languages(settings), theme(settings.screen.theme)]


def zone(name: str) -> Check:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        mend = "Set `timezone` to an IANA name such as Europe/Berlin."
        return Check("time zone", False, f"there is no time zone {name!r}", mend)
    return Check("time zone", True, name)


def languages(settings: Settings) -> Check:
    from kiosk.words import words

    known = words("en").languages()
    missing = [code for code in settings.languages if code not in known]
    if missing:
        mend = f"Take them out of `languages`; there are: {', '.join(sorted(known))}."
        return Check("languages", False, f"no words for {', '.join(missing)}", mend)
    return Check("languages", True, ", ".join(settings.languages))


def theme(name: str) -> Check:
    there = sorted(path.stem for path in THEMES.glob("*.toml"))
    mend = f"Set `theme` under [screen] to one of: {', '.join(there)}."
    if name not in there:
        return Check("theme", False, f"there is no theme {name!r}", mend)
    try:
        told = tomllib.loads((THEMES / f"{name}.toml").read_text("utf-8"))
    except (OSError, ValueError) as error:
        return Check("theme", False, f"the theme {name!r} cannot be read: {error}", mend)
    if "brand" not in told:
        return Check("theme", False, f"the theme {name!r} names no brand", mend)
    return Check("theme", True, name)
