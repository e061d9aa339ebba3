"""What a scanned or typed text is: a closed union of codes, or why it is none.

Each family has its file and answers None for what is not its own. They are asked in order of
rank: what is certainly ours first, then configured forms, envelopes, carriers, GS1 data and bare
digits last. A text with a good check in a later family is never lost to a bad one in an earlier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kiosk.domain.codes import (
    badge,
    bag,
    carriers,
    container,
    enrolment,
    foreign,
    gs1,
    gs1_elements,
    iso15434,
    labels,
    mailmark,
    maxicode,
    pick_up,
    round,
    seal,
    shelf,
    short,
    signed,
    third_party,
)
from kiosk.domain.codes.badge import badge_code
from kiosk.domain.codes.bag import bag_code
from kiosk.domain.codes.container import container_code
from kiosk.domain.codes.enrolment import enrolment_code
from kiosk.domain.codes.model import Candidate, Code, Unreadable
from kiosk.domain.codes.order import parse_order
from kiosk.domain.codes.pick_up import parse_pick_up, pick_up_code, typed_pick_up_code
from kiosk.domain.codes.presented import Presented, cut
from kiosk.domain.codes.round import carrier_key, carrier_named, round_code
from kiosk.domain.codes.seal import seal_code
from kiosk.domain.codes.shelf import shelf_code
from kiosk.domain.codes.short import parse_short, short_code
from kiosk.domain.codes.third_party import ThirdPartyForm, fingerprint
from kiosk.domain.reasons import Reason, Why

__all__ = [
    "FAMILIES",
    "OTHERS",
    "OURS",
    "Code",
    "ThirdPartyForm",
    "Unreadable",
    "badge_code",
    "bag_code",
    "candidates",
    "carrier_key",
    "carrier_named",
    "container_code",
    "enrolment_code",
    "fingerprint",
    "parse",
    "parse_order",
    "parse_pick_up",
    "parse_short",
    "pick_up_code",
    "prepare",
    "round_code",
    "seal_code",
    "shelf_code",
    "short_code",
    "typed_pick_up_code",
]

LONGEST = 600  # characters; a signed code and an envelope have limits of their own
LONGEST_PAYLOAD = 4 * signed.LONGEST_TEXT  # bytes, whatever they are

Family = Callable[[Presented], Code | Unreadable | None]
OURS: tuple[Family, ...] = (
    signed.parse,
    bag.parse,
    container.parse,
    seal.parse,
    shelf.parse,
    badge.parse,
    pick_up.parse,
    round.parse,
    enrolment.parse,
    short.parse,
)
OTHERS: tuple[Family, ...] = (
    iso15434.parse,
    maxicode.parse,
    mailmark.parse,
    labels.parse,
    gs1.parse,
    gs1.parse_digits,
)
FAMILIES: tuple[Family, ...] = OURS + OTHERS


def parse(
    text: str, raw: bytes, aim: str, forms: Sequence[ThirdPartyForm] = ()
) -> Code | Unreadable:
    """What a scan is, by the symbol's own bytes and its identifier (ISO/IEC 15424, "" where the
    scanner sends none). `text` stands in only where a scanner gives no bytes. `forms` are what
    other networks' return codes look like. Never raises."""
    presented = _cut(text, raw, aim)
    if presented is None:
        return Unreadable(Reason(Why.CODE_TOO_LONG), "long")
    bad: Unreadable | None = None
    for found in _asked(presented, forms):
        if not isinstance(found, Unreadable):
            return found
        bad = bad or found
    return bad or foreign.recognise(presented)


def candidates(
    text: str, raw: bytes = b"", aim: str = "", forms: Sequence[ThirdPartyForm] = ()
) -> tuple[Candidate, ...]:
    """Everything that a text may be, best first and valid before invalid; () for nothing known.
    What `parse` answers, where that is a code, comes first. Never raises."""
    from kiosk.domain.codes import candidate

    presented = _cut(text, raw, aim)
    return () if presented is None else candidate.ranked(presented, _asked(presented, forms))


def prepare() -> None:
    """Load the tables of carriers and of GS1 data, which the first text that may be either would
    otherwise wait for. For a quiet moment: it takes about as long as a screen change may."""
    carriers.prepare()
    gs1_elements.prepare()


def _asked(presented: Presented, forms: Sequence[ThirdPartyForm]) -> Iterator[Code | Unreadable]:
    """Every family's answer, in order of rank."""
    for family in OURS:
        if (found := family(presented)) is not None:
            yield found
    if (fitting := third_party.parse(presented, forms)) is not None:
        yield fitting
    for family in OTHERS:
        if (found := family(presented)) is not None:
            yield found


def _cut(text: str, raw: bytes, aim: str) -> Presented | None:
    """None for what is too long to be looked at."""
    if len(raw) > LONGEST_PAYLOAD or len(text) > LONGEST_PAYLOAD:
        return None
    presented = cut(raw or text.encode("utf-8", errors="replace"), aim)
    if presented.text.startswith(signed.PREFIX):
        return presented
    longest = iso15434.LONGEST if presented.line.startswith(iso15434.START) else LONGEST
    return presented if len(presented.line) <= longest else None
