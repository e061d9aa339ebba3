"""The counter's paper: labels of shelves, plates of bags and containers, receipts of labelled
drops, and the manifest of a hand-over. Documents alone: whichever printer there is draws them.

Whatever was made in training says so, above and below, in the largest type that a line takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from kiosk.app.receipt import clean
from kiosk.domain import codes
from kiosk.domain.counter import listed
from kiosk.domain.counter.manifests import Manifest
from kiosk.domain.counter.outbound_facts import ManifestLine
from kiosk.ports import Align, Block, Divider, Document, Gap, Pair, Qr, Text, TextSize
from kiosk.words import Words

A_SHEET = 40
"""Lines of a manifest on one piece of paper: more is a strip that nobody holds."""
_GROUP = 4  # characters of a digest or a plate that are read together


@dataclass(frozen=True, slots=True)
class Shop:
    """Whose paper it is. `timezone` is an IANA name; `training`: nothing on it counts."""

    name: str
    timezone: str
    training: bool = False


class Plate(StrEnum):
    """What a new number is for."""

    BAG = "bag"
    CONTAINER = "container"

    def code(self, number: int) -> str:
        return (codes.bag_code if self is Plate.BAG else codes.container_code)(number)


# --- labels --------------------------------------------------------------------------------------


def shelf_label(shelf_id: str, zone: str, w: Words, shop: Shop) -> Document:
    """What hangs on a shelf: its name for people, its code for scanners."""
    blocks: list[Block] = [
        Text(w.t("Shelf"), align=Align.CENTER),
        Gap(1),
        Text(clean(shelf_id), TextSize.GIANT, bold=True, align=Align.CENTER),
        Gap(2),
        Qr(codes.shelf_code(shelf_id)),
    ]
    if zone:
        blocks.append(Text(clean(zone), align=Align.CENTER))
    return _made(w.t("Label of shelf {shelf}", shelf=shelf_id), blocks, w, shop)


def plate_label(kind: Plate, number: int, w: Words, shop: Shop) -> Document:
    """A licence plate to stick on: the code, and its end in letters that tell two apart."""
    plate = kind.code(number)
    blocks: list[Block] = [
        Text(_named(kind, w), align=Align.CENTER),
        Gap(1),
        Text(plate[-5:], TextSize.GIANT, bold=True, align=Align.CENTER),
        Gap(2),
        Qr(plate, caption=plate),
    ]
    return _made(f"{_named(kind, w)} {plate}", blocks, w, shop)


def _named(kind: Plate, w: Words) -> str:
    match kind:
        case Plate.BAG:
            return w.t("Bag")
        case Plate.CONTAINER:
            return w.t("Container")
        case _:
            assert_never(kind)


# --- a labelled drop -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LabelledDrop:
    """A parcel that a customer brought with its carrier's label on it. `proof` is the signed code
    that they keep."""

    number: str
    carrier: str
    drop_number: str
    taken_at: datetime
    proof: str


def drop_receipt(drop: LabelledDrop, w: Words, shop: Shop) -> Document:
    """What the customer takes along: which parcel, whose, when, and the proof."""
    blocks: list[Block] = [
        Text(w.t("Parcel receipt"), TextSize.LARGE, bold=True, align=Align.CENTER),
        Gap(2),
        *_place(shop, w),
        Pair(w.t("Date"), w.moment(drop.taken_at, shop.timezone)),
        Pair(w.t("Carrier"), clean(drop.carrier)),
        Pair(w.t("Parcel"), clean(drop.number), bold=True),
        Pair(w.t("Drop number"), drop.drop_number),
        Divider(),
        Qr(drop.proof, caption=drop.drop_number),
        Text(w.t("This code proves that you handed it in. Keep it."), align=Align.CENTER),
    ]
    return _made(w.t("Parcel receipt {number}", number=drop.drop_number), blocks, w, shop)


# --- a manifest ----------------------------------------------------------------------------------


class Copy(StrEnum):
    """Whose copy of a manifest it is."""

    SHOP = "shop"
    DRIVER = "driver"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A signed manifest: when, by whom of the shop, and the signed code that proves its list."""

    manifest: Manifest
    signed_at: datetime
    staff: str
    proof: str


def manifest(
    signed: HandedOver, copy: Copy, voices: Sequence[Words], shop: Shop
) -> tuple[Document, ...]:
    """The list, sheet by sheet, in the languages of `voices` (one or two), the first first."""
    w = voices[0]
    lines, loose = listed.going(signed.manifest)
    entries = [
        *_containers(lines, voices),
        *_loose(loose, voices),
        *_stayed(signed.manifest, voices),
    ]
    groups = [entries[at : at + A_SHEET] for at in range(0, len(entries), A_SHEET)] or [[]]
    sheets = []
    for at, group in enumerate(groups, 1):
        blocks = [*_head(signed, copy, voices, shop), Divider(), *group, Divider()]
        if at == len(groups):
            blocks += _sums(signed, voices)
        if len(groups) > 1:
            blocks.append(
                Text(w.t("Sheet {n} of {count}", n=at, count=len(groups)), align=Align.CENTER)
            )
        sheets.append(_made(_both(voices, "hand-over"), blocks, w, shop))
    return tuple(sheets)


def _head(signed: HandedOver, copy: Copy, voices: Sequence[Words], shop: Shop) -> Iterator[Block]:
    w = voices[0]
    yield Text(_both(voices, "hand-over"), TextSize.LARGE, bold=True, align=Align.CENTER)
    yield Text(_both(voices, copy.value), TextSize.SMALL, align=Align.CENTER)
    yield Gap(1)
    yield from _place(shop, w)
    yield Pair(_both(voices, "carrier"), clean(signed.manifest.carrier), bold=True)
    yield Pair(_both(voices, "date"), w.moment(signed.signed_at, shop.timezone))


def _containers(lines: Sequence[ManifestLine], voices: Sequence[Words]) -> Iterator[Block]:
    """Plate and seal, what is in it, and all of that by number."""
    for line in sorted(lines, key=lambda one: one.plate):
        pieces = len(line.bags) + len(line.parcels)
        yield Pair(clean(line.plate), voices[0].t("Pieces: {n}", n=pieces), bold=True)
        yield Text(f"{_both(voices, 'seal')}: {clean(line.seal_id)}", TextSize.SMALL)
        inside = ", ".join(clean(name) for name in sorted((*line.bags, *line.parcels)))
        if inside:
            yield Text(inside, TextSize.SMALL)


def _loose(loose: Sequence[str], voices: Sequence[Words]) -> Iterator[Block]:
    if loose:
        yield Text(_both(voices, "loose"), bold=True)
        yield from (Text(clean(number)) for number in sorted(loose))


def _stayed(manifest: Manifest, voices: Sequence[Words]) -> Iterator[Block]:
    """What was listed and did not go: whoever looks for it finds it said here."""
    plates = {line.container_id: line.plate for line in manifest.lines}
    stayed = [clean(plates.get(container, container)) for container in manifest.stayed]
    if stayed:
        yield Text(_both(voices, "stayed"), bold=True)
        yield Text(", ".join(sorted(stayed)), TextSize.SMALL)


def _sums(signed: HandedOver, voices: Sequence[Words]) -> Iterator[Block]:
    counts, w = listed.counts(signed.manifest), voices[0]
    yield Pair(_both(voices, "containers"), str(counts.containers), bold=True)
    yield Pair(_both(voices, "bags"), str(counts.bags))
    yield Pair(_both(voices, "parcels"), str(counts.parcels + counts.loose))
    yield Divider()
    yield Pair(_both(voices, "staff"), clean(signed.staff))
    yield Pair(_both(voices, "the driver"), w.t("signed on the screen"))
    yield Gap(2)
    digest = listed.digest(signed.manifest)[: 4 * _GROUP]
    caption = " ".join(digest[at : at + _GROUP] for at in range(0, len(digest), _GROUP))
    yield Qr(signed.proof, caption=caption)
    yield Text(_both(voices, "proves"), TextSize.SMALL, align=Align.CENTER)


def _both(voices: Sequence[Words], what: str) -> str:
    """A heading in each of the paper's languages, once where they say the same."""
    return " · ".join(dict.fromkeys(_headings(w)[what] for w in voices[:2]))


def _headings(w: Words) -> dict[str, str]:
    return {
        "hand-over": w.t("Hand-over list"),
        Copy.SHOP: w.t("The shop's copy"),
        Copy.DRIVER: w.t("The driver's copy"),
        "carrier": w.t("Carrier"),
        "date": w.t("Date"),
        "seal": w.t("Seal"),
        "loose": w.t("Parcels in no container"),
        "stayed": w.t("Stayed in the shop"),
        "containers": w.t("Containers"),
        "bags": w.t("Bags"),
        "parcels": w.t("Parcels"),
        "staff": w.t("For the shop"),
        "the driver": w.t("For the carrier"),
        "proves": w.t("This code proves the list."),
    }


# --- what every paper has ------------------------------------------------------------------------


def _place(shop: Shop, w: Words) -> list[Block]:
    return [Pair(w.t("Place"), clean(shop.name))] if shop.name else []


def _made(title: str, blocks: Sequence[Block], w: Words, shop: Shop) -> Document:
    band: tuple[Block, ...] = ()
    if shop.training:
        band = (Text(w.t("TRAINING"), TextSize.GIANT, bold=True, align=Align.CENTER), Gap(2))
    return Document(title, w.language, w.right_to_left, (*band, *blocks, *reversed(band)))
