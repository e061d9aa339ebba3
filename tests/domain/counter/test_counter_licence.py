"""Cards of made-up people, as the bar code on the back of a North American licence tells them."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.domain.counter.licence import LONGEST, Licence, read
from kiosk.domain.counter.proving import Document, born_by

USA = "@\n\x1e\rANSI 636000100002DL00410278ZV03190008"
CANADA = "@\n\x1e\rANSI 636012030001DL00000367"
FIRST = "@\n\x1c\rAAMVA6360000101DL00390188"
DL = Document.DRIVING_LICENCE


def card(heading: str, born: str, expires: str, part: str = "DL") -> str:
    """Days as ISO; the United States write them with the month first."""
    days = [_american(day) if heading == USA else day.replace("-", "") for day in (expires, born)]
    lines = ("DAQD1234567", "DCSSAMPLE", "DACJO", f"DBA{days[0]}", f"DBB{days[1]}", "DAJVA")
    return heading + part + "\n".join(lines) + "\n\rZVZVA01\r"


def _american(day: str) -> str:
    year, month, rest = day.split("-")
    return month + rest + year


@pytest.mark.parametrize("heading", [USA, CANADA, FIRST])
def test_the_two_days_are_read_however_they_are_written(heading: str) -> None:
    found = read(card(heading, "1990-12-01", "2030-01-12"))
    assert found == Licence(DL, date(1990, 12, 1), date(2030, 1, 12))
    assert "1990" not in repr(found)


def test_an_identity_card_is_no_driving_licence() -> None:
    heading = "@\n\x1e\rANSI 636000100002ID00410278ZV03190008"
    text = card(USA, "1990-12-01", "2030-01-12", "ID").replace(USA, heading)
    identity = read(text)
    assert identity is not None
    assert identity.kind is Document.ID_CARD


def test_the_first_element_of_a_part_is_found_too() -> None:
    text = USA + "DLDBA01122030\nDBB12011990\n\r"
    assert read(text) == Licence(DL, date(1990, 12, 1), date(2030, 1, 12))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "TP1:ABCDEFGHJ",
        "@\n\x1e\rANSI ",
        card(USA, "1990-12-01", "2030-01-12").replace("DBA", "DBX"),
        card(USA, "1990-12-01", "2030-01-12").replace("DBB1201", "DBB1332"),
        card(USA, "1990-12-01", "2030-01-12").replace("DBA0112", "DBA0000"),
        card(USA, "2031-12-01", "2030-01-12"),
        card(USA, "1890-12-01", "2030-01-12"),
        card(USA, "1990-12-01", "2030-01-12") + "x" * LONGEST,
        card(USA, "1990-12-01", "2030-01-12").replace("DL", "ZZ"),
    ],
)
def test_everything_else_is_no_card(text: str) -> None:
    assert read(text) is None


def test_nobody_has_to_reckon_a_birthday() -> None:
    assert born_by(date(2025, 3, 10), 18) == date(2007, 3, 10)
    assert born_by(date(2028, 2, 29), 18) == date(2010, 2, 28)
    assert born_by(date(2026, 2, 28), 18) == date(2008, 2, 28)  # born on the 29th: not yet
    assert born_by(date(2026, 3, 1), 18) == date(2008, 3, 1)
    assert born_by(date(120, 1, 1), 149) == date(1, 1, 1)
