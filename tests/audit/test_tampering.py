"""Any changed byte is noticed, by both verifiers; and a long file needs no memory."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.audit import Broken, Proven, check
from kiosk.audit.lines import Chain, Event, Head
from kiosk.domain import chain
from tests.audit.conftest import Kiosk

SHORT, LONG = 3_000, 1_000_000
START = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    """Both kinds of anchors, a shortened chain and a fork."""
    kiosk = Kiosk(tmp_path_factory.mktemp("tampering") / "kiosk")
    kiosk.tell(3)
    kiosk.swear()
    kiosk.store.outbox.new_epoch()
    kiosk.tell(2)
    made = kiosk.lines()
    kiosk.store.close()
    return tuple(made)


@pytest.fixture
def both(second):
    """Whether each verifier is content."""
    return lambda lines: (isinstance(check(lines), Proven), second.check(lines) == "")


def test_as_it_was_written_both_are_content(lines, both):
    assert both(lines) == (True, True)


SHARED = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SHARED
@given(st.data())
def test_any_changed_byte_is_noticed(lines, both, data):
    number = data.draw(st.integers(0, len(lines) - 1))
    line = bytearray(lines[number])
    place = data.draw(st.integers(0, len(line) - 1))
    line[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != line[place]))
    changed = (*lines[:number], bytes(line), *lines[number + 1 :])
    assert both(changed) == (False, False)


@SHARED
@given(st.data())
def test_lines_lost_doubled_or_moved_are_noticed(lines, both, data):
    one, two = data.draw(
        st.lists(st.integers(0, len(lines) - 1), min_size=2, max_size=2, unique=True)
    )
    moved = list(lines)
    match data.draw(st.sampled_from(["lose", "double", "swap"])):
        case "lose":
            del moved[one]
        case "double":
            moved.insert(two, moved[one])
        case _:
            moved[one], moved[two] = moved[two], moved[one]
    assert both(moved) == (False, False)


def test_every_letter_of_a_signature_counts(lines, both):
    """Another writing of the same bytes is another signature."""
    for number, line in enumerate(lines):
        head, found, rest = line.partition(b'"signature":"')
        if found:
            upper = head + found + rest.upper()
            changed = (*lines[:number], upper, *lines[number + 1 :])
            assert both(changed) == (False, False)


class Counted(bytes):
    """A line that says how many of its kind are alive."""

    alive = 0
    most = 0

    def __new__(cls, data: bytes) -> Counted:
        cls.alive += 1
        cls.most = max(cls.most, cls.alive)
        return super().__new__(cls, data)

    def __del__(self) -> None:
        Counted.alive -= 1


def generated(count):
    """A file of format 1, made while it is read."""
    encode = msgspec.json.encode
    yield Counted(encode(Head(format=1, device_id="d", exported_at=START, chains=1)))
    ends = {"base_sequence": 0, "base_chain": chain.GENESIS, "sequence": count}
    yield Counted(encode(Chain(epoch="e", number=1, chain=_end(count), **ends)))
    link = chain.GENESIS
    for number in range(1, count + 1):
        event = _event(number, link)
        link = event.chain
        yield Counted(encode(event))


def _event(number, link):
    at = chain.moment(START)
    body = chain.body("t", at, "s", "h", 1, 1, {})
    made = chain.link(link, "e", number, f"id-{number}", body)
    return Event(
        epoch="e",
        sequence=number,
        id=f"id-{number}",
        type="t",
        time=at,
        subject="s",
        hlc="h",
        monotonic_ms=1,
        policyversion=1,
        data={},
        chain=made,
    )


def _end(count):
    link = chain.GENESIS
    for number in range(1, count + 1):
        link = _event(number, link).chain
    return link


@pytest.mark.parametrize("count", [SHORT, pytest.param(LONG, marks=pytest.mark.long)])
def test_it_holds_no_more_than_the_line_in_hand(count):
    Counted.alive = Counted.most = 0
    found = check(generated(count))
    assert isinstance(found, Proven), found
    assert found.events == count
    assert Counted.most <= 3


def test_a_million_notes_are_counted_and_not_kept(kiosk):
    for _ in range(130):
        kiosk.tell(1)
        kiosk.clock.advance(hours=-1)
    found = check(kiosk.lines())
    assert isinstance(found, Proven)
    assert len(found.notes) == 100
    assert found.notes_left == 29


def test_nothing_that_a_file_may_hold_raises():
    for junk in ([b"\xff"], [b"[" * 100_000], [b"{}"], [b"null"], []):
        assert isinstance(check(junk), Broken)
