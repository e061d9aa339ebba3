"""The counter's paper as dots: what our own scanner reads from it, and what must be on it."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication

from drivers.printers.zpl import Stock, encode_bitmap
from drivers.scanners.decoders import decode_image
from drivers.virtual.label_printer import drawn
from kiosk.app.counter import paperwork
from kiosk.app.counter.paperwork import Copy, HandedOver, LabelledDrop, Plate, Shop
from kiosk.domain import codes
from kiosk.domain.codes import container_code, seal_code
from kiosk.domain.codes.model import BagCode, ContainerCode, ShelfCode
from kiosk.domain.counter import listed
from kiosk.domain.counter.manifests import Manifest, ManifestState
from kiosk.domain.counter.outbound_facts import ManifestLine
from kiosk.ports import Document, Pair, Qr, Text
from kiosk.seal import hand_overs
from kiosk.seal.hand_overs import HandOverClaims
from kiosk.seal.keys import SigningKey
from kiosk.words import words
from ui.paper import application, rasterise, to_png

SHOP = Shop("Kiosk am Eck, Lange Straße 12", "Europe/Berlin")
NOON = datetime(2026, 3, 10, 11, 5, tzinfo=UTC)
KEY = SigningKey("device-1", b"\5" * 32)
LANGUAGES = ("en", "de", "ar")


@pytest.fixture(scope="module", autouse=True)
def qt() -> QGuiApplication:
    return application()


def listing(containers: int = 2) -> Manifest:
    ids = tuple(f"c{n}" for n in range(containers))
    lines = tuple(
        ManifestLine(one, container_code(n), seal_code(n), (f"TB{n}",), ())
        for n, one in enumerate(ids)
    )
    state = ManifestState.SIGNED
    return Manifest("m1", state, "Österreichische Post", ids, ("P1",), lines, ids, ("P1",))


def handed(manifest: Manifest) -> HandedOver:
    claims = HandOverClaims(
        "0195800c-fc00-7000-8000-000000000001",
        manifest.manifest_id,
        manifest.carrier,
        listed.digest(manifest),
        listed.counts(manifest),
        NOON,
    )
    return HandedOver(manifest, NOON, "Anna Berg", hand_overs.issue_hand_over(claims, KEY))


def seen(png: bytes) -> list[str]:
    """What our own scanner reads."""
    with Image.open(io.BytesIO(png)) as image:
        return [read.text for read in decode_image(np.asarray(image.convert("L")))]


def on_paper(document: Document, width: int = 576) -> list[str]:
    return seen(to_png(rasterise(document, width, 203)))


def said(document: Document) -> str:
    texts = [one.text for one in document.blocks if isinstance(one, Text)]
    pairs = [f"{one.label} {one.value}" for one in document.blocks if isinstance(one, Pair)]
    return "\n".join(texts + pairs)


# --- labels --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["A1", "KELLER-LINKS"])
@pytest.mark.parametrize("width", [384, 576])
def test_a_shelf_label_is_read_and_fits(name: str, width: int) -> None:
    label = paperwork.shelf_label(name, "Ground floor", words("en"), SHOP)
    (text,) = on_paper(label, width)
    assert codes.parse(text, b"", "]Q1") == ShelfCode(name)
    assert name in said(label)


@pytest.mark.parametrize(
    ("kind", "family"), [(Plate.BAG, BagCode), (Plate.CONTAINER, ContainerCode)]
)
def test_a_plate_is_read_from_a_label_printers_own_bytes(kind: Plate, family: type) -> None:
    label = paperwork.plate_label(kind, 1042, words("de"), SHOP)
    stock = Stock(448, 203, 400)
    png = drawn(encode_bitmap(rasterise(label, 448, 203), stock).decode(), 448)
    (text,) = seen(png)
    assert text == kind.code(1042)
    assert isinstance(codes.parse(text, b"", "]Q1"), family)
    assert text[-5:] in said(label)


# --- manifests -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [384, 576])
def test_the_code_on_a_manifest_proves_its_list(language: str, width: int) -> None:
    signed = handed(listing())
    voices = [words(language), words("fr")]
    (sheet,) = paperwork.manifest(signed, Copy.DRIVER, voices, SHOP)
    (text,) = on_paper(sheet, width)
    claims = hand_overs.verify_hand_over(text, KEY.public)
    assert isinstance(claims, HandOverClaims)
    assert claims.digest == listed.digest(signed.manifest)
    (code,) = (block for block in sheet.blocks if isinstance(block, Qr))
    assert code.caption.replace(" ", "") == claims.digest[:16]


def test_both_copies_say_the_same_but_whose_they_are() -> None:
    signed = handed(listing())
    voices = [words("en"), words("de")]
    ours = paperwork.manifest(signed, Copy.SHOP, voices, SHOP)[0]
    theirs = paperwork.manifest(signed, Copy.DRIVER, voices, SHOP)[0]
    differ = [(a, b) for a, b in zip(ours.blocks, theirs.blocks, strict=True) if a != b]
    assert len(differ) == 1
    for of_list in ("TC0000000000", "TZ0000000001", "TB1", "P1", "Österreichische Post"):
        assert of_list in said(ours)


def test_a_long_list_is_cut_into_sheets_and_nothing_is_lost() -> None:
    signed = handed(listing(50))
    sheets = paperwork.manifest(signed, Copy.DRIVER, [words("en")], SHOP)
    assert len(sheets) == 4
    text = "\n".join(said(sheet) for sheet in sheets)
    for n in range(50):
        assert text.count(container_code(n)) == 1
    assert [any(isinstance(b, Qr) for b in sheet.blocks) for sheet in sheets] == [
        False,
        False,
        False,
        True,
    ]
    assert "Sheet 4 of 4" in text


def test_what_stayed_is_said_and_not_counted() -> None:
    manifest = Manifest(
        "m1", ManifestState.SIGNED, "DPD", ("c0", "c1"), (), listing().lines, ("c0",), ()
    )
    (sheet,) = paperwork.manifest(handed(manifest), Copy.DRIVER, [words("en")], SHOP)
    assert f"Stayed in the shop\n{container_code(1)}" in said(sheet)
    assert "Containers 1" in said(sheet)


# --- every paper ---------------------------------------------------------------------------------


def every(shop: Shop, language: str) -> list[Document]:
    w = words(language)
    drop = LabelledDrop("1Z410E1W0214647438", "UPS", "K1-000042", NOON, "RP1:PROOF")
    return [
        paperwork.shelf_label("A1", "", w, shop),
        paperwork.plate_label(Plate.BAG, 7, w, shop),
        paperwork.drop_receipt(drop, w, shop),
        *paperwork.manifest(handed(listing(30)), Copy.SHOP, [w], shop),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_made_in_training_says_so_above_and_below(language: str) -> None:
    mark = words(language).t("TRAINING")
    for document in every(Shop(SHOP.name, SHOP.timezone, training=True), language):
        first, last = document.blocks[0], document.blocks[-1]
        assert isinstance(first, Text)
        assert isinstance(last, Text)
        assert (first.text, last.text) == (mark, mark)
    assert not any(mark in said(document) for document in every(SHOP, language))


def test_the_receipt_of_a_drop_names_parcel_carrier_and_number() -> None:
    (receipt,) = (d for d in every(SHOP, "en") if "Parcel receipt" in d.title)
    assert {"Carrier UPS", "Parcel 1Z410E1W0214647438", "Drop number K1-000042"} <= set(
        said(receipt).split("\n")
    )
    assert on_paper(receipt) == ["RP1:PROOF"]


def test_a_name_from_outside_steers_no_printer() -> None:
    drop = LabelledDrop("1Z\x1bp\x00", "U\x10\x04PS", "K1-1", NOON, "RP1:X")
    text = said(paperwork.drop_receipt(drop, words("en"), SHOP))
    assert not any(ord(sign) < 32 for sign in text.replace("\n", ""))
