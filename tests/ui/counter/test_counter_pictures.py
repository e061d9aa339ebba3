"""Every screen of the counter as it is drawn: nothing cut, nothing overlapping, no target too
small, no warning of Qt. The pictures themselves are made by `python -m ui.counter.shots`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QtMsgType
from voices import voice

from kiosk.flows.keys import Comfort
from ui.counter import samples, samples_desk, samples_inbound, samples_leaving, samples_outbound
from ui.counter.shots import Studio, main
from ui.layout_check import walk

if TYPE_CHECKING:
    from PySide6.QtGui import QGuiApplication
    from pytestqt.logging import _LogCaptureHandler

JOBS = {
    "desk": samples_desk,
    "inbound": samples_inbound,
    "outbound": samples_outbound,
    "leaving": samples_leaving,
}
LONGER, FROM_RIGHT = Comfort("de"), Comfort("ar", large_text=True, high_contrast=True)


def wrong(studio: Studio, job: str, comfort: Comfort) -> dict[str, list[str]]:
    """What is wrong with each sample of a job."""
    looked = {name: studio.look(name, comfort)[1] for name in JOBS[job].sessions()}
    return {name: [str(one) for one in found] for name, found in looked.items() if found}


def warned(qtlog: _LogCaptureHandler) -> list[str]:
    return [one.message for one in qtlog.records if one.type is not QtMsgType.QtDebugMsg]


@pytest.mark.long
@pytest.mark.parametrize("job", JOBS)
def test_longer_words_fit(studio: Studio, qtlog: _LogCaptureHandler, job: str) -> None:
    assert wrong(studio, job, LONGER) == {}
    assert warned(qtlog) == []


@pytest.mark.parametrize("job", JOBS)
def test_another_direction_large_and_in_high_contrast_fits(
    studio: Studio, qtlog: _LogCaptureHandler, job: str
) -> None:
    assert wrong(studio, job, FROM_RIGHT) == {}
    assert warned(qtlog) == []


@pytest.mark.long
@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "ar"])
def test_every_language_as_it_is_spoken_fits(
    qapp: QGuiApplication, language: str, large: bool
) -> None:
    studio = Studio()
    found = {job: wrong(studio, job, Comfort(language, large)) for job in JOBS}
    studio.kiosk.close()
    assert found == {job: {} for job in JOBS}


def test_the_command_writes_pictures_and_a_sheet(qapp: QGuiApplication, tmp_path: Path) -> None:
    code = main(
        ["--out", str(tmp_path), "--lang", "en", "--screen", "home-q", "--text", "normal", "--dark"]
    )
    assert code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "all-en-normal-dark.png",
        "home-quiet-en-normal-dark.png",
    ]


def test_every_key_has_a_name_and_can_be_reached_without_a_finger(studio: Studio) -> None:
    for name in samples_desk.sessions():
        studio.look(name, Comfort("en"))
        keys = [i for i in walk(studio.kiosk.window.contentItem()) if i.property("touchTarget")]
        live = [key for key in keys if key.isEnabled()]
        assert all(key.property("label") for key in live), name
        chosen = [key for key in live if key.property("chosen") is not False]
        assert all(key.property("activeFocusOnTab") for key in chosen), name


def test_dark_is_dark(qapp: QGuiApplication) -> None:
    studio = Studio(voice, dark=True)
    picture, found = studio.look("home", Comfort("en"))
    studio.kiosk.close()
    assert found == []
    assert picture.pixelColor(8, 8).lightness() < 60


def test_the_edge_tells_how_the_scan_went(studio: Studio) -> None:
    colours = {
        studio.look(name, Comfort("en"))[0].pixelColor(6, 500).name()
        for name in ("home", "home-right", "home-care", "home-wrong")
    }
    assert len(colours) == 4


def test_samples_of_the_jobs_have_names_of_their_own() -> None:
    assert len(samples.sessions()) == sum(len(job.sessions()) for job in JOBS.values())
