"""`python -m ui.probe`: can Qt be used here? Prints its version and the fonts it finds, as JSON.

A process of its own, because Qt ends the process where a system library is missing.
"""

from __future__ import annotations

import json

import PySide6
from PySide6.QtGui import QFontDatabase

from ui.app import FAMILIES, application


def main() -> None:
    kept = application()
    families = [family for family in FAMILIES if QFontDatabase.hasFamily(family)]
    print(json.dumps({"qt": PySide6.__version__, "families": families}))
    kept.quit()


if __name__ == "__main__":
    main()
