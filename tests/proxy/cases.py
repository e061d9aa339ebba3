"""Which faults are met, and what the agent may say of the line meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial

from sync.agent.agent import LinkError
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
from tests.proxy.line import Fault
from tests.proxy.places import Names, Nobody, NoName, Unheard
from tests.proxy.secure import (
    CERTIFICATES,
    BrokenHandshake,
    Certificate,
    DrippingHandshake,
    PlainOnly,
    SilentHandshake,
)
from tests.proxy.strangers import (
    Bomb,
    Cookies,
    Garbled,
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
    make: type[Fault] | partial[Fault]
    says: set[LinkError] = field(default_factory=lambda: AWAY)
    reaches: bool | None = False

    @property
    def kind(self) -> type[Fault]:
        if not isinstance(self.make, partial):
            return self.make
        # What is for ever is made once and copied.
        return type(self.make.args[0]) if self.make.func is replace else self.make.func


NAMES = Names()
CASES = [
    Case("held", Held, AWAY, None),
    Case("drip", Drip, WELL, True),
    Case("lost", Lost),
    Case("reset", ResetAtOnce),
    Case("twice", Twice, SHUT, True),
    Case("repeated later", RepeatedLater, WELL, True),
    Case("from before", FromBefore, WELL, True),
    Case("overtaken", Overtaken, WELL, True),
    Case("head cut", partial(CutAsk, head=True)),
    Case("body cut", partial(CutAsk, head=False)),
    Case("head bent", partial(BentAsk, head=True), ANYTHING, None),
    Case("body bent", partial(BentAsk, head=False), SHUT),
    Case("reset while asking", ResetMidAsk),
    Case("answer lost", LostAnswer, AWAY, True),
    Case("answer's head cut", partial(CutAnswer, head=True), AWAY, True),
    Case("answer's body cut", partial(CutAnswer, head=False), AWAY, True),
    Case("answer reset", partial(CutAnswer, head=False, reset=True), AWAY, True),
    Case("answer's head bent", partial(BentAnswer, head=True), ANYTHING, True),
    Case("answer's body bent", partial(BentAnswer, head=False), ANYTHING, True),
    *(
        Case(f"chunk {size!r}", partial(BadChunks, size), AWAY, True)
        for size in (b"zz", b"-1", b"-5", b"", b"7", b"ffffffffffffffffffff", b"1" * 70_000)
    ),
    *(
        Case(f"length {said}", partial(WrongLength, said), says, True)
        for said, says in (
            ("short", AWAY),
            ("long", AWAY),
            ("two", AWAY),
            ("-1", ANYTHING),
            ("many", ANYTHING),
            ("9" * 400, AWAY),
        )
    ),
    Case("answered twice", Repeated, ANYTHING, True),
    Case("from a cache", FromTheCache),
    Case("silent after the head", SilentAfterHead, AWAY, True),
    Case("silent in the body", SilentMidBody, AWAY, True),
    Case("one way", OneWayThere, AWAY, True),
    Case("half open", HalfOpen),
    *(Case(f"refusing {status}", partial(Refusing, status), SHUT) for status in (400, 413, 422)),
    *(
        Case(f"refusing {status}", partial(Refusing, status), SHUT)
        for status in (401, 403, 404, 405, 407, 409, 431, 451)
    ),
    *(
        Case(f"refusing {status}", partial(Refusing, status))
        for status in (204, 301, 408, 500, 502, 504, 511, 599)
    ),
    *(
        Case(f"busy {said}", partial(Busy, said), BUSY)
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
    Case("too many", partial(Busy, "20", 429), BUSY),
    Case("portal", Portal),
    Case("packed portal", PackedPortal),
    Case("cookies", Cookies),
    Case("other JSON", OtherJson),
    *(
        Case(f"redirect {status}", partial(Redirect, status))
        for status in (301, 302, 303, 307, 308)
    ),
    Case("endless redirect", partial(Redirect, 307, endless=True)),
    Case("bomb", Bomb),
    Case("garbled", Garbled, ANYTHING, True),
    *(Case(f"endless {what}", partial(replace, fault)) for what, fault in endless().items()),
    Case("no name", partial(NoName, NAMES)),
    Case("silent resolver", partial(NoName, NAMES, silent=True), ANYTHING),
    Case("nobody", Nobody),
    Case("unheard", Unheard),
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

SECURE = [
    *(Case(f"certificate {which}", partial(Certificate, which)) for which in CERTIFICATES),
    Case("plain only", PlainOnly),
    Case("silent handshake", SilentHandshake),
    Case("dripping handshake", DrippingHandshake),
    Case("broken handshake", BrokenHandshake),
    Case("drip", Drip, WELL, True),
    Case("half open", HalfOpen),
    Case("answer reset", partial(CutAnswer, head=False, reset=True), AWAY, True),
    Case("silent in the body", SilentMidBody, AWAY, True),
    *(
        Case(f"endless {what}", partial(replace, endless()[what]))
        for what in ("dripping head", "dripping long body", "a chunk of minus one", "chunks")
    ),
    Case("nobody", Nobody),
]
