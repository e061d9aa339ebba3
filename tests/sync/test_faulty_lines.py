"""Every fault of the line between a real agent and the real centre, on real sockets.

While it lasts the kiosk goes on taking returns and believes nothing that is not so; once it is
over the queue drains and both books are equal. Nothing stays open.
"""

from __future__ import annotations

import gc
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from sync.agent.agent import LinkError
from tests.misfortune.street import TurnableClock, eventually
from tests.proxy.answering import (
    BadChunks,
    BentAnswer,
    Busy,
    CutAnswer,
    FromTheCache,
    HalfOpen,
    LostAnswer,
    OneWayThere,
    Refusing,
    Repeated,
    SilentAfterHead,
    SilentMidBody,
    WrongLength,
)
from tests.proxy.asking import (
    BentAsk,
    CutAsk,
    Drip,
    FromBefore,
    Held,
    Lost,
    Overtaken,
    RepeatedLater,
    ResetAtOnce,
    ResetMidAsk,
    Twice,
)
from tests.proxy.kinds import kinds
from tests.proxy.line import Fault, Line
from tests.proxy.places import NAME, Names, Nobody, NoName, Unheard
from tests.proxy.site import Central, Open, Site, files
from tests.proxy.strangers import (
    Bomb,
    Cookies,
    OtherJson,
    PackedPortal,
    Portal,
    Redirect,
    endless,
)

AWAY, BUSY, SHUT = {LinkError.AWAY}, {LinkError.BUSY}, {LinkError.SHUT}
ANYTHING = set(LinkError)
WELL = {LinkError.NONE}


@dataclass
class Case:
    """`says` is what the agent may say of the link while the fault lasts; `reaches` whether the
    centre learns of the returns meanwhile, None where that is chance."""

    name: str
    fault: Fault
    says: set[LinkError] = field(default_factory=lambda: AWAY)
    reaches: bool | None = False


NAMES = Names()
CASES = [
    Case("held", Held(), AWAY, None),
    Case("drip", Drip(), WELL, True),
    Case("lost", Lost()),
    Case("reset", ResetAtOnce()),
    Case("twice", Twice(), SHUT, True),
    Case("repeated later", RepeatedLater(), WELL, True),
    Case("from before", FromBefore(), WELL, True),
    Case("overtaken", Overtaken(), WELL, True),
    Case("head cut", CutAsk(head=True)),
    Case("body cut", CutAsk(head=False)),
    Case("head bent", BentAsk(head=True), ANYTHING, None),
    Case("body bent", BentAsk(head=False), SHUT),
    Case("reset while asking", ResetMidAsk()),
    Case("answer lost", LostAnswer(), AWAY, True),
    Case("answer's head cut", CutAnswer(head=True), AWAY, True),
    Case("answer's body cut", CutAnswer(head=False), AWAY, True),
    Case("answer reset", CutAnswer(head=False, reset=True), AWAY, True),
    Case("answer's head bent", BentAnswer(head=True), ANYTHING, True),
    Case("answer's body bent", BentAnswer(head=False), ANYTHING, True),
    *(
        Case(f"chunk {size!r}", BadChunks(size), AWAY, True)
        for size in (b"zz", b"-1", b"-5", b"", b"7", b"ffffffffffffffffffff", b"1" * 70_000)
    ),
    *(
        Case(f"length {said}", WrongLength(said), says, True)
        for said, says in (
            ("short", AWAY),
            ("long", AWAY),
            ("two", AWAY),
            ("-1", ANYTHING),
            ("many", ANYTHING),
            ("9" * 400, AWAY),
        )
    ),
    Case("answered twice", Repeated(), ANYTHING, True),
    Case("from a cache", FromTheCache()),
    Case("silent after the head", SilentAfterHead(), AWAY, True),
    Case("silent in the body", SilentMidBody(), AWAY, True),
    Case("one way", OneWayThere(), AWAY, True),
    Case("half open", HalfOpen()),
    *(Case(f"refusing {status}", Refusing(status), SHUT) for status in (400, 413, 422)),
    *(
        Case(f"refusing {status}", Refusing(status), SHUT)
        for status in (401, 403, 404, 405, 407, 409, 431, 451)
    ),
    *(
        Case(f"refusing {status}", Refusing(status))
        for status in (204, 301, 408, 500, 502, 504, 511, 599)
    ),
    *(
        Case(f"busy {said}", Busy(said), BUSY)
        for said in (
            None,
            "",
            "0",
            "-5",
            "1e99",
            "99999999999999999999",
            "soon",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "Fri, 31 Dec 99999999999999 23:59:59 GMT",
        )
    ),
    Case("too many", Busy("20", 429), BUSY),
    Case("portal", Portal()),
    Case("packed portal", PackedPortal()),
    Case("cookies", Cookies()),
    Case("other JSON", OtherJson()),
    *(Case(f"redirect {status}", Redirect(status)) for status in (301, 302, 303, 307, 308)),
    Case("endless redirect", Redirect(307, endless=True)),
    Case("bomb", Bomb()),
    *(Case(f"endless {what}", fault) for what, fault in endless().items()),
    Case("no name", NoName(NAMES)),
    Case("silent resolver", NoName(NAMES, silent=True), ANYTHING),
    Case("nobody", Nobody()),
    Case("unheard", Unheard()),
]
ALWAYS = {
    "chunk b'-1'",
    "endless redirect",
    "endless a chunk of minus one",
    "endless trailers",
    "endless dripping head",
    "endless dripping long body",
    "busy Thu, 01 Jan 1970 00:00:00 GMT",
    "busy Fri, 31 Dec 99999999999999 23:59:59 GMT",
    "silent resolver",
}


@pytest.fixture(scope="module")
def central(prepared_file, tmp_path_factory) -> Iterator[Central]:
    path = tmp_path_factory.mktemp("lines") / "centre.db"
    shutil.copy(prepared_file, path)
    made = Central(path, TurnableClock())
    gc.collect()
    made.alone = Open.now()
    yield made
    made.close()


@pytest.fixture(scope="module")
def resolver() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", NAMES)
        yield


@pytest.fixture(scope="module")
def kiosk(central, resolver, tmp_path_factory) -> Iterator[Site]:
    """One for all: it must be none the worse for any of them."""
    line = Line(lambda: central.port, host=NAME)
    made = Site(central, line, tmp_path_factory.mktemp("site") / "kiosk").start()
    made.ready()
    yield made
    made.close()
    line.close()
    eventually(lambda: Open.now().within(central.alone), f"{central.alone}")


@pytest.fixture
def site(kiosk) -> Iterator[Site]:
    kiosk.drained()
    kiosk.new_page()
    yield kiosk
    kiosk.line.is_well()
    kiosk.hurry()


def by_kind(cases: list[Case]) -> Iterator[object]:
    """One of each kind, and what found the worst; all of them in the long form."""
    seen = set[type[Fault]]()
    for case in cases:
        again = type(case.fault) in seen and case.name not in ALWAYS
        seen.add(type(case.fault))
        yield pytest.param(case, id=case.name, marks=[pytest.mark.long] if again else [])


@pytest.mark.parametrize("case", [*by_kind(CASES)])
def test_a_faulty_line(site: Site, case: Case) -> None:
    site.promise()
    site.drained()
    open_before = files(site.folder)
    site.line.meets(case.fault)
    meanwhile = site.promise(2)
    if case.fault.strikes:
        site.line.until_met()
    # Nobody waits for the line: this is recorded while the fault lasts.
    site.promise()
    site.until(lambda state: state.error in case.says, "what the agent says")
    if case.reaches:
        site.has_arrived(meanwhile[:1])
    elif case.reaches is False:
        assert not site.arrived() & {one.drop_id for one in meanwhile}
        assert site.store.outbox.position().queued >= 3
    site.line.is_well()
    if case.says & BUSY:
        site.hurry()
    site.drained()
    site.has_no_body_left()
    site.exactly_once()
    most = site.central.alone.and_one_site()
    eventually(lambda: Open.now().within(most), f"{most}")
    eventually(lambda: files(site.folder) == open_before, f"{open_before}")


def test_every_fault_has_its_case() -> None:
    named = {type(case.fault) for case in CASES}
    assert {kind.__name__ for kind in kinds() - named if "secure" not in kind.__module__} == set()
