"""The first frame is drawn before the house is awake, and is what the house would have drawn."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kiosk.flows.model import Comfort, Session, Starting
from kiosk.glimpse import Glimpse, of, read
from kiosk.settings import Settings
from kiosk.words import languages, words
from kiosk.words.shelf import voice
from ui.first import first
from ui.screens import shown

HEAVY = ("kiosk.flows.model", "kiosk.ports", "msgspec", "sqlalchemy", "cv2", "numpy", "babel")


@pytest.mark.parametrize("language", sorted(languages()))
def test_it_is_the_screen_of_starting(language: str) -> None:
    comfort = Comfort(language)
    later = shown(Session(Starting(), comfort), words(language))
    assert first(comfort, voice(language)) == (later.name, dict(later.props))


def test_what_is_heavy_is_not_imported_for_it() -> None:
    code = (
        "import sys; import ui.app; from kiosk.bootstrap import Installation; "
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == ""


def test_a_glimpse_of_no_file_is_the_models_defaults(tmp_path) -> None:
    assert read(tmp_path / "nowhere.toml") == of(Settings()) == Glimpse()


def test_a_glimpse_passes_over_what_the_whole_reading_refuses(tmp_path) -> None:
    file = tmp_path / "takeback.toml"
    file.write_text('languages = "de"\n[screen]\npx_per_mm = "big"\ntheme = "linden"\n')
    assert read(file) == Glimpse(theme="linden")


def test_a_glimpse_of_a_good_file_is_what_the_whole_reading_says(tmp_path) -> None:
    from kiosk.settings import load

    file = tmp_path / "takeback.toml"
    file.write_text('languages = ["de", "en"]\n[screen]\npx_per_mm = 4.03\nfull_screen = false\n')
    assert read(file) == of(load(file))
