"""Lints our QML with the Python types known: `python -m ui.qmllint`, exit code of qmllint.

The linter learns Python types from a generated `Takeback.Native` module; at run time the same
types come from the decorated classes, so nothing generated is kept.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_NATIVE: Final = ("bridge.py", "camera_view.py", "qr.py")
_PARTS: Final = ("*.qml", "controls/*.qml", "counter/*.qml", "dock/*.qml", "screens/*.qml")
_QMLDIR: Final = "module Takeback.Native\ntypeinfo native.qmltypes\ndepends QtQuick\n"


def main() -> int:
    bin_dir = Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as folder:
        native = Path(folder) / "Takeback" / "Native"
        native.mkdir(parents=True)
        described = native / "native.json"
        sources = [str(_HERE / name) for name in _NATIVE]
        dump = [str(bin_dir / "pyside6-metaobjectdump"), *sources, "-o", str(described)]
        subprocess.run(dump, check=True)  # noqa: S603 - our own tools and files
        register = [
            str(bin_dir / "pyside6-qmltyperegistrar"),
            "--generate-qmltypes",
            str(native / "native.qmltypes"),
            "-o",
            str(native / "native.cpp"),
            "--import-name=Takeback.Native",
            "--major-version=1",
            str(described),
        ]
        # It warns that Qt's own base classes are not described here; qmllint finds them in QtQuick.
        subprocess.run(register, check=True, stderr=subprocess.DEVNULL)  # noqa: S603 - our own tools and files
        (native / "qmldir").write_text(_QMLDIR, "utf-8")
        module = _HERE / "qml" / "Takeback"
        files = [str(p) for part in _PARTS for p in sorted(module.glob(part))]
        lint = [str(bin_dir / "pyside6-qmllint"), "-W", "0", "-I", folder, "-I", str(_HERE / "qml")]
        return subprocess.run([*lint, *files], check=False).returncode  # noqa: S603 - as above


if __name__ == "__main__":
    sys.exit(main())
