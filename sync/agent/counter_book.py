"""The counter book at the kiosk: fetched when something hints at a newer one, believed only in the
order signature, tenant, site, number, peppers, people.

Whatever is wrong with one that comes, the book that is held goes on serving; the refusal is a fact
in the ledger, once for each book and cause. The peppers are on the disk before the book is in
force: a book without them would let nobody in.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, assert_never

from kiosk.domain.counter.book import Book, read_book
from kiosk.domain.staff.facts import BookRejected, RosterTaken
from kiosk.domain.staff.people import Roster, newer
from kiosk.domain.staff.saying import Refused as StaffRefused
from kiosk.ports import Ids
from kiosk.store import peppers
from kiosk.store.counter_keeping import KeptBook
from sync.agent.client import Away, Busy, Client, Ok, Refused
from sync.agent.pushing import Shut
from sync.agent.trust import Trust
from sync.wire import codec
from sync.wire import counter_book as wire
from sync.wire.counter_book import BookAnswer, BookFault, Opened

if TYPE_CHECKING:
    from pathlib import Path

_LOG = logging.getLogger(__name__)


class Books(Protocol):
    """What keeps the book (kiosk.store.counter_keeping.CounterKeeping)."""

    def book(self) -> KeptBook | None: ...
    def book_number(self) -> int: ...
    def keep_book(self, book: KeptBook, told: RosterTaken) -> None: ...
    def reject_book(self, told: BookRejected) -> None: ...


@dataclass(frozen=True, slots=True)
class Taken:
    """It is in force. `book` as it was read."""

    book: Book


@dataclass(frozen=True, slots=True)
class Kept:
    """Nothing newer, or nothing good: what is held goes on serving."""

    fault: BookFault | None = None


Step = Taken | Kept | Shut | Busy | Away


@dataclass(slots=True)
class BookPulling:
    """Raises StoreFailed. `site` is what enrolment said."""

    books: Books
    client: Client
    trust: Trust
    site: str
    directory: Path
    ids: Ids
    _refused: tuple[str, BookFault] | None = None
    _etag: str = ""
    _whole: bool | None = field(default=None)
    """Whether the book that is held can be gone by; None until that was looked at."""

    def hear(self, number: int) -> bool:
        """What a heartbeat's answer hints at, unsigned; whether a step should follow."""
        return number > self.books.book_number() or (number > 0 and not self.whole())

    def whole(self) -> bool:
        """Whether a book is held with every pepper that it names."""
        if self._whole is None:
            held = self._held()
            ids = tuple(name for name, _ in peppers.read(self.directory))
            self._whole = held is not None and ids == tuple(
                one.pepper_id for one in held.head.peppers
            )
        return self._whole

    def step(self) -> Step:
        path = f"/v1/devices/{self.client.device_id}/counter/book"
        etag = self._etag if self._refused or self.whole() else ""
        answer = self.client.get(path, etag, wire.MAX_ANSWER)
        match answer:
            case Ok(status=304):
                return Kept()
            case Ok():
                told = codec.decode(answer.body, BookAnswer)
                if told is None:
                    return Away("an answer that is not the centre's")
                step = self._consider(told)
                # A key that is not known yet may be by the next time: ask for all of it again.
                unknown = isinstance(step, Kept) and step.fault is BookFault.UNKNOWN_KEY
                self._etag = "" if unknown else answer.etag
                return step
            case Refused(status=404):
                return Kept()  # no book for this site
            case Refused(status=status):
                return Shut(status)
            case Busy() | Away():
                return answer
            case _:
                assert_never(answer)

    def _consider(self, told: BookAnswer) -> Taken | Kept:
        data = told.book.encode("utf-8", "replace")
        opened = wire.open_book(data, self.trust.keys())
        if isinstance(opened, BookFault):
            return self._refuse(0, opened, told.book)
        number = opened.head.number
        if (opened.head.tenant, opened.head.site) != (self.trust.tenant, self.site):
            ours = opened.head.tenant == self.trust.tenant
            fault = BookFault.WRONG_SITE if ours else BookFault.WRONG_TENANT
            return self._refuse(number, fault, opened.digest)
        if number < self.books.book_number():
            return self._refuse(number, BookFault.ROLLBACK, opened.digest)
        kept = self.books.book()
        same = kept is not None and number == kept.number
        if same and kept is not None and kept.digest != opened.digest:
            return self._refuse(number, BookFault.NUMBER_REUSED, opened.digest)
        found = wire.peppers_of(opened.head, told)
        if found is None:
            return self._refuse(number, BookFault.WRONG_PEPPER, opened.digest)
        book = read_book(number, opened.head.issued, opened.data)
        if isinstance(newer(Roster(), book.roster), StaffRefused):
            return self._refuse(number, BookFault.WRONG_ROSTER, opened.digest)
        return self._keep(told.book, opened, found, book, same=same)

    def _keep(
        self, text: str, opened: Opened, found: peppers.Peppers, book: Book, *, same: bool
    ) -> Taken | Kept:
        peppers.keep(self.directory, found, self.ids)
        if not same:
            kept = KeptBook(book.number, opened.digest, text)
            self.books.keep_book(kept, RosterTaken(book.number, len(book.roster.members)))
        self._whole, self._refused = True, None
        if book.doubts:
            _LOG.error("counter book %d: not understood: %s", book.number, ", ".join(book.doubts))
        _LOG.info("counter book %d is in force", book.number)
        return Taken(book)

    def _refuse(self, number: int, fault: BookFault, digest: str) -> Kept:
        if self._refused != (digest, fault):
            self._refused = (digest, fault)
            _LOG.error("counter book %d is not taken: %s", number, fault.value)
            self.books.reject_book(BookRejected(number, fault.value))
        return Kept(fault)

    def _held(self) -> Opened | None:
        kept = self.books.book()
        return None if kept is None else _reopened(kept)


def standing(books: Books) -> Book | None:
    """The book in force, for the core at its start and whenever one was taken; None before the
    first, and for one that the disk has spoilt. Its signature was checked when it came: keys may
    have gone out of time since, and the ledger names the keys that are believed, too."""
    kept = books.book()
    return None if kept is None else reread(kept)


def reread(kept: KeptBook) -> Book | None:
    """A book as it is kept; None where the disk has spoilt it."""
    opened = _reopened(kept)
    if opened is None:
        return None
    return read_book(opened.head.number, opened.head.issued, opened.data)


def _reopened(kept: KeptBook) -> Opened | None:
    return wire.reopened(kept.envelope.encode("utf-8", "replace"), kept.digest)
