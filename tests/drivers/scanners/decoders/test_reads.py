"""Which findings of a decoder are believed."""

from __future__ import annotations

import pytest

from drivers.scanners.decoders.reads import (
    Agreement,
    Quad,
    Read,
    Tally,
    check_digit_holds,
    hopeless,
    overlap,
    sure,
    untangle,
)
from drivers.scanners.formats import EVERYDAY, FORMATS, rows, symbology_of, zxing_formats
from kiosk.ports import Symbology


def square(x: float, y: float, width: float, height: float) -> Quad:
    return (x, y), (x + width, y), (x + width, y + height), (x, y + height)


def read(symbology: Symbology, raw: bytes, quad: Quad | None = None) -> Read:
    return Read(symbology, "", raw.decode(), raw, quad or square(0, 0, 100, 50))


def test_a_gs1_check_digit_is_weighted_three_and_one_from_the_right() -> None:
    assert check_digit_holds(b"04006381333931"[1:])
    assert check_digit_holds(b"96385074")
    assert not check_digit_holds(b"4006381333932")
    assert not check_digit_holds(b"400638133393X")


@pytest.mark.parametrize("symbology", [Symbology.QR, Symbology.DATA_MATRIX])
def test_error_corrected_codes_count_on_one_read(symbology: Symbology) -> None:
    assert sure(read(symbology, b"anything"))


@pytest.mark.parametrize(
    "symbology", sorted(EVERYDAY - {Symbology.QR, Symbology.DATA_MATRIX, Symbology.ITF})
)
def test_every_other_code_needs_a_second_read(symbology: Symbology) -> None:
    assert not sure(read(symbology, b"4006381333931"))


def test_itf_counts_at_once_only_with_fourteen_digits_and_a_right_check_digit() -> None:
    assert sure(read(Symbology.ITF, b"00012345678905"))
    assert not sure(read(Symbology.ITF, b"00012345678906"))
    assert not sure(read(Symbology.ITF, b"0001234567"))
    assert hopeless(read(Symbology.ITF, b"12"))
    assert untangle([read(Symbology.ITF, b"12")]) == []


def test_two_frames_must_agree_within_a_second() -> None:
    plate = read(Symbology.CODE_128, b"BAG1")
    agreement = Agreement()
    assert agreement.admit([plate], at=1.0) == []
    assert agreement.waiting == {plate.key}
    assert agreement.admit([plate], at=1.1) == [plate]
    assert agreement.admit([], at=3.0) == []
    assert agreement.admit([plate], at=3.1) == []


def test_the_same_code_twice_in_one_frame_is_no_agreement() -> None:
    plate = read(Symbology.CODE_128, b"BAG1")
    assert Agreement().admit([plate, plate], at=1.0) == []


def test_two_frames_that_differ_prove_neither() -> None:
    agreement = Agreement()
    agreement.admit([read(Symbology.CODE_39, b"ABC")], at=1.0)
    assert agreement.admit([read(Symbology.CODE_39, b"ABD")], at=1.1) == []


def test_of_overlapping_reads_the_one_that_spans_more_rows_stays() -> None:
    whole = read(Symbology.CODE_128, b"4006381333931", square(0, 0, 300, 60))
    piece = read(Symbology.EAN_8, b"96385074", square(40, 20, 150, 4))
    elsewhere = read(Symbology.EAN_8, b"96385074", square(500, 20, 150, 40))
    assert untangle([piece, whole]) == [whole]
    assert set(untangle([elsewhere, whole])) == {whole, elsewhere}


def test_a_phantom_in_the_texture_of_a_qr_code_gives_way() -> None:
    qr = read(Symbology.QR, b"RK1:X", square(100, 100, 200, 200))
    phantom = read(Symbology.CODE_39, b"7", square(90, 120, 230, 230))
    assert untangle([phantom, qr]) == [qr]


def test_overlap_is_a_part_of_the_smaller_one() -> None:
    assert overlap(square(0, 0, 10, 10), square(20, 0, 10, 10)) == 0
    assert overlap(square(0, 0, 10, 10), square(5, 0, 100, 10)) == pytest.approx(0.5)


def test_every_family_has_one_row_and_names_for_zxing() -> None:
    named = [row.symbology for row in FORMATS]
    assert sorted(named) == sorted(set(Symbology) - {Symbology.UNKNOWN})
    assert len(zxing_formats(rows(EVERYDAY))) == len(EVERYDAY) + 1  # QR has two models


def test_an_empty_set_of_formats_is_never_taken_for_all() -> None:
    with pytest.raises(ValueError, match="no format"):
        zxing_formats(())


@pytest.mark.parametrize(
    ("identifier", "symbology"),
    [
        ("]Q3", Symbology.QR),
        ("]C1", Symbology.CODE_128),
        ("]d2", Symbology.DATA_MATRIX),
        ("]E0", Symbology.EAN_13),
        ("]E4", Symbology.EAN_8),
        ("]I1", Symbology.ITF),
        ("]L0", Symbology.PDF417),
        ("]U1", Symbology.MAXICODE),
        ("]zC", Symbology.AZTEC_RUNE),
        ("]z3", Symbology.AZTEC),
        ("]Y0", Symbology.UNKNOWN),
        ("", Symbology.UNKNOWN),
    ],
)
def test_an_identifier_names_the_family(identifier: str, symbology: Symbology) -> None:
    assert symbology_of(identifier) is symbology


def test_two_looks_prove_and_one_look_twice_does_not() -> None:
    plate = read(Symbology.CODE_128, b"BAG1")
    tally = Tally()
    tally.add([plate], "bare")
    tally.add([plate], "bare")
    assert tally.proven() == []
    assert tally.pending() == [plate]
    tally.add([plate], "half")
    assert tally.proven() == [plate]
    assert tally.pending() == []


def test_where_looks_disagree_about_the_bars_one_text_must_lead_by_two() -> None:
    tally = Tally()
    for look in ("bare", "half"):
        tally.add([read(Symbology.EAN_13, b"5030159003930")], look)
    tally.add([read(Symbology.EAN_13, b"7034759003930")], "double")
    assert tally.proven() == []
    tally.add([read(Symbology.EAN_13, b"5030159003930")], "turned")
    assert [r.raw for r in tally.proven()] == [b"5030159003930"]


def test_a_weak_code_beside_a_stronger_one_is_a_piece_of_its_bars() -> None:
    """A few rows further down the same bars read as another, shorter code."""
    tally = Tally()
    for look in ("bare", "half"):
        tally.add([read(Symbology.EAN_13, b"9780441014989", square(36, 67, 154, 66))], look)
        tally.add([read(Symbology.UPC_E, b"0178100000449", square(35, 178, 85, 15))], look)
    assert [r.symbology for r in tally.proven()] == [Symbology.EAN_13]


def test_a_small_qr_code_in_the_middle_of_a_large_one_is_a_code_too() -> None:
    outer = read(Symbology.QR, b"outer", square(0, 0, 300, 300))
    inner = read(Symbology.QR, b"inner", square(120, 120, 60, 60))
    tally = Tally()
    tally.add([outer, inner], "bare")
    assert set(tally.proven()) == {outer, inner}


def test_itf_of_other_lengths_is_never_proven_by_zbar_alone() -> None:
    short = read(Symbology.ITF, b"0829220875")
    tally = Tally()
    tally.add([short], "zbar")
    tally.add([short], "zbar strip")
    assert tally.proven() == []
    tally.add([short], "bare")
    assert tally.proven() == [short]


def test_a_weak_family_needs_three_frames() -> None:
    coda = read(Symbology.CODABAR, b"A123A")
    agreement = Agreement()
    assert [agreement.admit([coda], at=at) for at in (1.0, 1.1, 1.2)] == [[], [], [coda]]
