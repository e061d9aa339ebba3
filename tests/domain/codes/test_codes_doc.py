"""docs/codes.md says the truth: every example is read, and a wrong check does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kiosk.domain import codes
from kiosk.domain.codes import ThirdPartyForm, Unreadable
from kiosk.domain.codes.model import ThirdPartyReturn
from kiosk.domain.codes.third_party import problems
from kiosk.domain.reasons import Why

TEXT = (Path(__file__).parents[3] / "docs" / "codes.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \|.*?\| (?:`([^`]+)`|[^|`]+) \|[^|]*\|([^|]*)\|$", TEXT, re.M)
EXAMPLES = [(family, example, wrong.strip()) for family, example, wrong in ROWS if example]
FORMS = re.findall(r"^\| `([^`]*\[[^`]*)` \| `([^`]+)` \|$", TEXT, re.M)


def test_every_family_has_a_row() -> None:
    assert {family for family, _, _ in ROWS} == {
        "signed_return",
        "short_code",
        "bag",
        "container",
        "seal",
        "shelf",
        "badge",
        "pick_up",
        "round",
        "enrolment",
        "third_party",
        "carrier",
        "gs1",
    }
    assert len(EXAMPLES) >= 17


@pytest.mark.parametrize(("family", "example", "wrong"), EXAMPLES)
def test_an_example_is_read(family: str, example: str, wrong: str) -> None:
    assert not isinstance(codes.parse(example, example.encode(), ""), Unreadable)
    best, *_ = codes.candidates(example)
    assert (best.family, best.valid) == (family, True)


@pytest.mark.parametrize(
    ("family", "example", "wrong"), [row for row in EXAMPLES if row[2].startswith("refused")]
)
def test_a_wrong_check_is_refused_as_the_page_says(family: str, example: str, wrong: str) -> None:
    end = len(example.rstrip("\u2404\u241e"))
    at = end - 1 if "01\u241d96" not in example else example.index("7438") + 3
    at -= 2 if family == "carrier" and example[end - 1].isalpha() and "\u241d" not in example else 0
    changed = example[:at] + ("0" if example[at] != "0" else "1") + example[at + 1 :]
    found = codes.parse(changed, changed.encode(), "")
    assert isinstance(found, Unreadable)
    assert found.reason.why is Why.CODE_WRONG_CHECK


def test_the_examples_of_forms_fit_and_their_set_is_good() -> None:
    assert len(FORMS) >= 2
    forms = [ThirdPartyForm(f"form-{at}", pattern) for at, (pattern, _) in enumerate(FORMS)]
    assert problems(forms) == []
    for form, (_, example) in zip(forms, FORMS, strict=True):
        assert codes.parse(example, b"", "]Q1", forms) == ThirdPartyReturn(
            form.name, example.encode()
        )


def test_the_typed_pick_up_code_is_the_scanned_one() -> None:
    (typed,) = re.findall(r"typed `([A-Z0-9-]+)`", TEXT)
    scanned = next(example for family, example, _ in EXAMPLES if family == "pick_up")
    assert codes.parse_pick_up(typed) == codes.parse(scanned, b"", "]Q1")


def test_the_limits_it_names() -> None:
    from kiosk.domain.codes import iso15434, signed, third_party

    limits = (codes.LONGEST, signed.LONGEST_TEXT, iso15434.LONGEST)
    told = re.search(r"more than (\d+) characters .*has (\d+), an envelope (\d+)\)", TEXT)
    assert told is not None
    assert tuple(map(int, told.groups())) == limits
    assert f"less than {third_party.LEAST_BITS} bits" in TEXT
