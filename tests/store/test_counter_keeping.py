"""The counter's small values: what is spoilt is said so, and wrong tries are never forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.domain.counter import pick_up
from kiosk.domain.staff import signing_in, tries
from kiosk.domain.staff.facts import BookRejected, RosterTaken
from kiosk.domain.staff.people import ChosenPin
from kiosk.store.counter_keeping import BLOCK, BLOCKS, CodeTries, CounterKeeping, KeptBook
from kiosk.store.counter_signatures import SignatureFiles
from kiosk.store.photos import OPEN
from kiosk.store.switching import Wanted, settle

BOOK = KeptBook(4, "d1" * 32, '{"payload":"x"}')
AT = 1_741_600_000


@pytest.fixture
def keeping(store) -> CounterKeeping:
    return CounterKeeping(store)


def test_a_book_is_kept_with_what_is_told_of_it(keeping, store):
    assert (keeping.book(), keeping.book_number()) == (None, 0)
    keeping.keep_book(BOOK, RosterTaken(4, 3))
    assert (keeping.book(), keeping.book_number()) == (BOOK, 4)
    keeping.reject_book(BookRejected(3, "rollback"))
    batch = store.outbox.next_batch(9, 1 << 20)
    assert [event.type.rpartition(".")[0] for event in batch.events] == [
        "takeback.staff.roster_taken",
        "takeback.staff.book_rejected",
    ]


def test_a_books_number_never_goes_back_also_where_the_book_is_spoilt(keeping, store):
    keeping.keep_book(BOOK, RosterTaken(4, 3))
    store.meta.set("counter.book", "spoilt")
    assert (keeping.book(), keeping.book_number()) == (None, 4)
    with pytest.raises(ValueError, match="book 3 after 4"):
        keeping.keep_book(KeptBook(3, "", ""), RosterTaken(3, 3))
    assert keeping.book_number() == 4


def test_pins_are_kept_by_member_and_go_with_them(keeping, store):
    anna, ben = ChosenPin("anna", "$argon2id$1", 1), ChosenPin("ben", "$argon2id$2", 3)
    for pin in (anna, ben, ChosenPin("ben", "$argon2id$3", 4)):
        store.run(lambda work, pin=pin: keeping.choose_pin(work, pin))
    assert set(keeping.pins()) == {anna, ChosenPin("ben", "$argon2id$3", 4)}
    keeping.drop_pins(frozenset({"ben", "nobody"}))
    assert keeping.pins() == (anna,)


def test_wrong_tries_outlive_a_restart(keeping, store, shelf):
    tried = tries.Trying(tries.Tries((AT,), 1), (("anna", tries.Tries((AT,), 1)),), AT)
    store.run(lambda work: keeping.keep_tries(work, tried))
    store.close()
    assert CounterKeeping(shelf.open()).tries(AT) == tried


@pytest.mark.parametrize("spoilt", ["no json", "[]", '{"device":[-1]}', "\x00"])
def test_spoilt_tries_bar_the_counter_once_and_stay_so(keeping, store, spoilt):
    store.meta.set("counter.tries", spoilt)
    found = keeping.tries(AT)
    assert signing_in.must_wait(found, signing_in.SignInRule(), AT) is not None
    assert keeping.tries(AT + 5) == found, "looked at again, the wait does not begin anew"


def test_wrong_codes_are_counted_for_the_counter_and_for_parcels(keeping, store):
    limit = pick_up.Limit()
    tried = CodeTries(
        pick_up.after_wrong(pick_up.Tries(), limit, AT), {"P1": pick_up.Tries((), AT)}
    )
    store.run(lambda work: keeping.keep_code_tries(work, tried))
    assert keeping.code_tries(AT) == tried
    store.meta.set("counter.code_tries", "spoilt")
    barred = keeping.code_tries(AT)
    assert pick_up.may_try(barred.counter, limit, AT) is not None
    assert keeping.code_tries(AT + limit.pause).counter == barred.counter
    assert pick_up.may_try(barred.counter, limit, AT + limit.pause) is None


def test_no_number_of_a_plate_is_given_twice(keeping, store, shelf):
    first = keeping.plates("bag", 3)
    keeping.plates("container", 1)
    store.close()
    assert CounterKeeping(shelf.open()).plates("bag", 2) == range(first.stop, first.stop + 2)


def test_a_ledger_that_may_not_know_what_it_gave_counts_in_another_block(keeping, store):
    """In another epoch it may be an older image, as it is where its own block is full."""
    blocks = {keeping.plates("bag", 50)[0] // BLOCK}
    store.outbox.new_epoch()
    blocks.add(keeping.plates("bag", 1)[0] // BLOCK)
    assert keeping.plates("bag", BLOCK - 1)[-1] % BLOCK == BLOCK - 1
    blocks.add(keeping.plates("bag", 1)[0] // BLOCK)
    assert len(blocks) == 3
    assert all(0 <= block < BLOCKS for block in blocks)


def test_a_signature_lies_open_until_it_is_given_and_goes_after_its_time(shelf, store):
    files = SignatureFiles(shelf.directory, shelf.ids, timedelta(days=30))
    given, dropped = files.keep(b'{"strokes":[]}'), files.keep(b"{}")
    files.given([given], shelf.clock.now())
    files.forget_open()
    assert files.read(dropped) is None
    assert files.prune(shelf.clock.now() + timedelta(days=29)) == 0
    assert files.read(given) == b'{"strokes":[]}'
    assert files.prune(shelf.clock.now() + timedelta(days=31)) == 1
    assert files.read(given) is None


def test_signatures_are_encrypted_with_the_store(shelf, store, tmp_path):
    store.close()
    files, key = SignatureFiles(shelf.directory, shelf.ids), tmp_path / "key" / "store.key"
    name = files.keep(b'{"strokes":[]}')
    assert settle(shelf.directory, Wanted(True, key), shelf.ids) is None
    assert b"strokes" not in (shelf.directory / "signatures" / OPEN / name).read_bytes()
    assert files.read(name) == b'{"strokes":[]}'
