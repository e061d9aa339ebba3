"""Settings: one file, no silent typing errors, and a reference that is what the model says."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.settings import Settings, SettingsError, load
from kiosk.settings_reference import reference

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_an_empty_file_is_a_working_installation(tmp_path: Path) -> None:
    file = tmp_path / "takeback.toml"
    file.write_text("")
    assert load(file) == Settings()


def test_a_whole_file(tmp_path: Path) -> None:
    file = tmp_path / "takeback.toml"
    file.write_text(
        'site_name = "Station"\n[centre]\nurl = "https://centre.example"\n'
        '[[printers]]\nname = "receipt"\ndriver = "escpos-network"\n'
        '[printers.options]\nhost = "192.0.2.7"\n'
    )
    settings = load(file)
    assert settings.centre.url == "https://centre.example"
    assert settings.printers[0].options == {"host": "192.0.2.7"}
    assert settings.printers[0].width_dots == 576


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("sight_name = 'Station'", "sight_name"),
        ("[timing]\nidle = 5", "$.timing.idle"),
        ("[screen]\npx_per_mm = 'big'", "$.screen.px_per_mm"),
        ("languages = []", "$.languages"),
        ("this is not toml", "takeback.toml"),
    ],
)
def test_what_is_wrong_is_named_with_its_path(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "takeback.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=named.replace("$", r"\$")):
        load(file)


def test_a_missing_file_is_a_sentence_not_a_traceback(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path / "nowhere.toml")


def test_the_reference_in_the_docs_is_not_stale() -> None:
    assert (DOCS / "settings.md").read_text() == reference(), (
        "run: takeback settings > docs/settings.md"
    )
