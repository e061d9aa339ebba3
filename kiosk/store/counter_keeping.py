"""What a counter keeps beside its facts: its book, PINs chosen here, wrong tries, numbers printed.

Small values of the ledger. What cannot be read any more is said so, never taken for nothing: a
counter whose wrong tries are spoilt must not forget them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import msgspec

from kiosk.domain.counter import pick_up
from kiosk.domain.staff.people import ChosenPin
from kiosk.domain.staff.tries import Trying, from_data, to_data

if TYPE_CHECKING:
    from kiosk.domain.staff.facts import BookRejected, RosterTaken
    from kiosk.store.store import Store
    from kiosk.store.work import Work

_BOOK, _BOOK_NUMBER, _PINS = "counter.book", "counter.book_number", "counter.pins"
_TRIES, _CODE_TRIES, _PLATES = "counter.tries", "counter.code_tries", "counter.plates"
SUBJECT = "counter"
BLOCKS, BLOCK = 1_000_000, 10_000
"""Of the ten digits of a plate, six are a counter's block and four count in it. Of two counters,
one in a million has the other's block."""
T = TypeVar("T")


class KeptBook(msgspec.Struct, frozen=True):
    """A counter book as it came: `envelope` is its text, whose signature was checked; `digest`
    tells two of one number apart."""

    number: int
    digest: str
    envelope: str


@dataclass(frozen=True, slots=True)
class Held:
    """The book in force, None for none; and the highest number that was ever taken, 0 for none."""

    book: KeptBook | None
    number: int


class _Pin(msgspec.Struct, frozen=True):
    verifier: str
    pin_round: int


class _Tries(msgspec.Struct, frozen=True):
    wrong: tuple[int, ...] = ()
    barred_at: int | None = None


class _CodeTries(msgspec.Struct, frozen=True):
    counter: _Tries = _Tries()
    parcels: dict[str, _Tries] = {}


@dataclass(frozen=True, slots=True)
class CodeTries:
    """Wrong pick-up codes: at this counter, and for each parcel that one was tried for."""

    counter: pick_up.Tries
    parcels: Mapping[str, pick_up.Tries]


class CounterKeeping:
    """Any thread; raises StoreFailed. What takes a `Work` is part of its transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # --- the book --------------------------------------------------------------------------------

    def book(self) -> KeptBook | None:
        """The one in force; None before the first, and where a damaged disk left something else."""
        return held(self._store.meta.get).book

    def book_number(self) -> int:
        """The highest number that was ever taken; 0 for none. It outlives a book that is spoilt."""
        return held(self._store.meta.get).number

    def keep_book(self, book: KeptBook, told: RosterTaken) -> None:
        """It is in force from now on. ValueError for a number that went back."""

        def task(work: Work) -> None:
            text = work.get(_BOOK_NUMBER) or ""
            if text.isascii() and text.isdigit() and int(text) > book.number:
                raise ValueError(f"book {book.number} after {text}")
            work.set(_BOOK, _text(book))
            work.set(_BOOK_NUMBER, str(book.number))
            work.record(told, SUBJECT)

        self._store.run(task)

    def reject_book(self, told: BookRejected) -> None:
        """One came that is not taken; the one before it goes on serving."""
        self._store.record(told, SUBJECT)

    # --- people ----------------------------------------------------------------------------------

    def pins(self) -> tuple[ChosenPin, ...]:
        """The PINs that members chose here. A list that is spoilt is none: their start PINs or a
        new choice stand in."""
        kept = _read(self._store.meta.get(_PINS), dict[str, _Pin]) or {}
        return tuple(ChosenPin(name, pin.verifier, pin.pin_round) for name, pin in kept.items())

    def choose_pin(self, work: Work, pin: ChosenPin) -> None:
        kept = _read(work.get(_PINS), dict[str, _Pin]) or {}
        work.set(_PINS, _text({**kept, pin.staff_id: _Pin(pin.verifier, pin.pin_round)}))

    def drop_pins(self, names: frozenset[str]) -> None:
        """Members who are not on the list any more."""

        def task(work: Work) -> None:
            kept = _read(work.get(_PINS), dict[str, _Pin]) or {}
            left = {name: pin for name, pin in kept.items() if name not in names}
            if len(left) < len(kept):
                work.set(_PINS, _text(left))

        self._store.run(task)

    def tries(self, at: int) -> Trying:
        """Wrong PINs so far. Where they are spoilt, the counter waits as long as it ever does,
        once; that is on the disk when this returns."""
        text = self._store.meta.get(_TRIES)
        data = _json(text) if text else None
        found = from_data("spoilt" if text and data is None else data, at)
        if text and to_data(found) != data:
            self._store.run(lambda work: self.keep_tries(work, found))
        return found

    def keep_tries(self, work: Work, trying: Trying) -> None:
        work.set(_TRIES, json.dumps(to_data(trying), separators=(",", ":")))

    # --- pick-up codes ---------------------------------------------------------------------------

    def code_tries(self, at: int) -> CodeTries:
        """Wrong codes so far. Where they are spoilt, the counter is barred once, from `at` on."""
        text = self._store.meta.get(_CODE_TRIES)
        kept = _read(text, _CodeTries) if text else _CodeTries()
        if kept is None:
            spoilt = CodeTries(pick_up.Tries((), at), {})
            self._store.run(lambda work: self.keep_code_tries(work, spoilt))
            return spoilt
        parcels = {number: _of(tried) for number, tried in kept.parcels.items()}
        return CodeTries(_of(kept.counter), parcels)

    def keep_code_tries(self, work: Work, tried: CodeTries) -> None:
        parcels = {number: _kept(one) for number, one in tried.parcels.items()}
        work.set(_CODE_TRIES, _text(_CodeTries(_kept(tried.counter), parcels)))

    # --- numbers ---------------------------------------------------------------------------------

    def plates(self, kind: str, count: int) -> range:
        """So many numbers for that kind (lower case letters), at most `BLOCK`, which are never
        given again, whether they were printed or not.

        They come from a block that was drawn by lot: nobody can be asked offline, and two counters
        that count from one print the same plates. A ledger that begins another epoch draws another
        block: put back from an older image, it does not know what it gave."""
        key = f"{_PLATES}.{kind}"
        with self._store.work() as work:
            epoch = work.epoch()
            kept = (work.get(key) or "").split()
            same = len(kept) == 3 and kept[0] == epoch and int(kept[2]) + count <= BLOCK
            block, used = (int(kept[1]), int(kept[2])) if same else (work.lot(BLOCKS), 0)
            work.set(key, f"{epoch} {block} {used + count}")
        first = block * BLOCK + used
        return range(first, first + count)


def held(get: Callable[[str], str | None]) -> Held:
    """The book in a ledger; `get` gives a value of its meta."""
    text = get(_BOOK_NUMBER) or ""
    number = int(text) if text.isascii() and text.isdigit() else 0
    return Held(_read(get(_BOOK), KeptBook), number)


def _kept(tried: pick_up.Tries) -> _Tries:
    return _Tries(tried.wrong, tried.barred_at)


def _of(kept: _Tries) -> pick_up.Tries:
    return pick_up.Tries(kept.wrong, kept.barred_at)


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _json(text: str) -> object:
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _read(text: str | None, kind: type[T]) -> T | None:
    """None where nothing is kept, and where it is spoilt."""
    try:
        return msgspec.json.decode(text, type=kind) if text else None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
