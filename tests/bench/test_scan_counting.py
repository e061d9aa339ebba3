"""How the scanning benchmarks count: what is a read, what a misread, which frames a busy decoder
gets."""

from __future__ import annotations

import pytest

from tests.bench.rivals import Answer, Said
from tests.bench.scan_corpora import Row, expanded, images, unescaped
from tests.bench.scan_hold import newest
from tests.bench.scoring import Tally, judged


def said(text: str, aim: str = "]Q1") -> Said:
    return Said(text, text.encode(), aim)


def test_a_wrong_text_is_worse_than_none() -> None:
    honest, eager = Tally(), Tally()
    honest.add(1, 0, [], 1.0)
    eager.add(1, 1, [said("something else")], 1.0)
    assert eager.worth < honest.worth


def test_a_misread_that_routes_is_worse_still() -> None:
    opaque, bag = Tally(), Tally()
    opaque.add(1, 0, [said("?")], 1.0)
    bag.add(1, 0, [said("9501101530003", "]E0")], 1.0)
    assert (opaque.routes, bag.routes) == (0, 1)
    assert bag.worth < opaque.worth


def test_each_truth_is_asked_for_and_each_wrong_text_counts_once() -> None:
    truths = [Row("QRCode", "one"), Row("QRCode", "two")]
    answer = Answer((said("one"), said("three"), said("three"), said("one")), 5.0)
    outcome = judged(answer, truths)
    assert (outcome.asked, outcome.read, [w.text for w in outcome.wrong]) == (2, 1, ["three"])


@pytest.mark.parametrize(
    ("symbology", "truth", "text"),
    [
        ("UPCA", "0899684001003", "899684001003"),
        ("EAN13", "0899684001003", "899684001003"),
        ("UPCE", "0001234000057", "00123457"),
        ("DataBarExp", "10567\x1d11010101", "1056711010101"),
        ("QRCode", "line\nline", "line\nline"),
        ("UPCA", "007183100799519868", "0071831007995"),
    ],
)
def test_spellings_of_one_number_are_one_number(symbology, truth, text) -> None:
    assert Row(symbology, truth).says(said(text))


@pytest.mark.parametrize(
    ("symbology", "truth", "text"),
    [
        ("QRCode", "0123", "123"),
        ("QRCode", "007183100799519868", "0071831007995"),
        ("EAN13", "4006381333931", "4006381333932"),
        ("ITF", "00012345678905", "12345678905"),
        ("UPCE", "0001234000057", "00123467"),
    ],
)
def test_another_number_is_another_number(symbology, truth, text) -> None:
    assert not Row(symbology, truth).says(said(text))


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("01234505", "012000003455"),
        ("01234531", "012300000451"),
        ("01234543", "012340000053"),
        ("01234565", "012345000065"),
        ("4006381333931", "4006381333931"),
    ],
)
def test_upc_e_stands_for_a_upc_a(short, whole) -> None:
    assert expanded(short) == whole


def test_the_bytes_count_whatever_the_decoder_takes_their_character_set_for() -> None:
    assert Row("QRCode", "返品").says(Said("•Ô•i", "返品".encode("cp932"), "]Q1"))
    assert not Row("QRCode", "返品").says(Said("返却", "返却".encode("cp932"), "]Q1"))


def test_escapes_are_undone() -> None:
    assert unescaped(r"a\x1db\n\\n\té\u00e9") == "a\x1db\n\\n\té\u00e9"


def test_rows_of_one_image_are_gathered(tmp_path) -> None:
    (tmp_path / "some.tsv").write_text(
        "image\tsymbology\ttext\tcorpus\tnote\n"
        "a.png\tQRCode\tone\tc\t\na.png\t+EAN13\t4006381333931\tc\t\nb.png\tNONE\t\tc\t\n"
    )
    first, second = images(tmp_path)
    assert [row.symbology for row in first.rows] == ["QRCode", "EAN13"]
    assert second.rows == ()


def test_a_quick_decoder_sees_every_frame() -> None:
    assert [n for n, _ in newest([0.0, 0.1, 0.2], lambda n: 0.05)] == [0, 1, 2]


def test_a_slow_decoder_gets_the_newest_frame_and_misses_the_rest() -> None:
    seen = list(newest([0.0, 0.1, 0.2, 0.3, 0.4], lambda n: 0.25))
    assert [number for number, _ in seen] == [0, 2, 4]
    assert [round(done, 2) for _, done in seen] == [0.25, 0.5, 0.75]
