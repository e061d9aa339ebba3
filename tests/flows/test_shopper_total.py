"""Whatever happens in whatever order: no step raises, no drop has two fates, nothing stays."""

from __future__ import annotations

from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.flows import model
from kiosk.flows.model import (
    Answered,
    Attract,
    Comfort,
    Field,
    FieldChosen,
    LanguageChosen,
    LineToggled,
    OutOfService,
    Press,
    Pressed,
    Ready,
    ReceiptDone,
    ServiceChanged,
    Starting,
    Tick,
    Typed,
)
from kiosk.flows.turns import open_drop
from kiosk.ports import (
    DeviceFault,
    HintKind,
    NotPrinted,
    Printed,
    ScanHint,
    Service,
    Trouble,
    Unconfirmed,
)

RETURNS = {
    "accept": ("accept",),
    "mixed": ("accept", "refuse", "staff", "ask"),
    "asking": ("ask", "ask"),
    "kept": ("returnless",),
    "refused": ("refuse", "staff"),
    "staff": ("staff",),
    "fee": ("accept_with_fee", "review"),
    "serial": ("serial x 2", "accept"),
    "refund": ("accept", "refund"),
    "photo": ("two photos", "photo"),
}
ANSWERS = ["unused", "used", "damaged", "eaten", "none", "store_credit"]
CODES = [*RETURNS, "BAG1", "BAG2", "BAG3", "BAG4", "junk"]


def events(a_scan):
    outcome = st.sampled_from([Printed(), Unconfirmed(), NotPrinted(DeviceFault.PAPER_OUT)])
    troubles = st.frozensets(st.sampled_from(list(Trouble)), max_size=2)
    # The presses that carry a visit on come often, or few sequences would ever reach a receipt.
    return st.one_of(
        st.sampled_from([Pressed(Press.ALL_HERE), Pressed(Press.ANOTHER)]),
        st.sampled_from([Pressed(Press.TAKE_PHOTO), Pressed(Press.USE_PHOTO)]),
        st.sampled_from(CODES).map(a_scan),
        st.sampled_from(list(Press)).map(Pressed),
        st.sampled_from(["unused", "used", "damaged", "eaten", "none", "store_credit"]).map(
            Answered
        ),
        st.sampled_from(["line-0", "line-1", "line-3"]).map(LineToggled),
        st.characters().map(Typed),
        st.sampled_from(list(Field)).map(FieldChosen),
        st.sampled_from(["en", "ar", "xx"]).map(LanguageChosen),
        st.builds(ReceiptDone, st.sampled_from([f"drop-{n}" for n in range(1, 9)]), outcome),
        st.builds(ServiceChanged, st.builds(Service, troubles)),
        st.just(ScanHint(HintKind.CLOSER, "camera", 0.0)),
        st.just(Ready()),
        st.sampled_from([0.25, 2.0, 8.0, 30.0]),  # time that passes
    )


def kiosk(new_walk):
    walk = new_walk().ready()
    for code, lines in RETURNS.items():
        walk.knows(code, *lines)
    return walk


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_sequence_keeps_the_promises(new_walk, a_scan, data):
    walk = kiosk(new_walk)
    opened = set()
    for event in data.draw(st.lists(events(a_scan), max_size=40)):
        if isinstance(event, float):
            walk.do.time += event
            event = Tick()
        walk.on(event)  # FakeDo itself refuses a second fate, a double call and an empty visit
        drop = open_drop(walk.screen)
        if drop is not None:
            opened.add(drop.drop_id)
            assert drop.drop_id not in walk.do.fate
        assert isinstance(walk.screen, Attract | OutOfService | Starting) or walk.session.deadline
        assert {d.drop_id for d in walk.session.drops} <= {
            d for d, fate in walk.do.fate.items() if fate == "committed"
        }
    for _ in range(3):  # the receipt, then the good-bye, then nothing
        walk.do.time += 600
        walk.on(Tick())
    assert isinstance(walk.screen, Attract | OutOfService)
    session = walk.session
    assert (session.visit_id, session.drops, session.comfort) == ("", (), Comfort())
    assert (session.taken, session.deadline) == ("", None)
    assert opened <= set(walk.do.fate)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_screen_that_cannot_use_an_event_stays_the_same_object(new_walk, a_scan, data):
    walk = kiosk(new_walk)
    for event in data.draw(st.lists(events(a_scan), max_size=15)):
        if isinstance(event, float):
            continue
        before, calls = walk.session, len(walk.do.calls)
        walk.on(event)
        if walk.session is before:
            assert len(walk.do.calls) == calls


def reach():
    """One way to every screen."""
    return {
        "Starting": lambda w: w,
        "Attract": lambda w: w.ready(),
        "NoCode": lambda w: w.ready().press(Press.NO_CODE),
        "TypeShortCode": lambda w: w.ready().press(Press.SHORT_CODE),
        "TypeOrder": lambda w: w.ready().press(Press.ORDER_NUMBER),
        "Items": lambda w: w.ready().scan("mixed"),
        "Asking": lambda w: w.ready().scan("mixed").press(Press.ALL_HERE),
        "TypeSerial": lambda w: w.ready().scan("serial").press(Press.ALL_HERE),
        "Photographing": lambda w: w.ready().scan("photo").press(Press.ALL_HERE),
        "Bagging": lambda w: w.ready().scan("accept").press(Press.ALL_HERE),
        "TypeBag": lambda w: w.ready().scan("accept").press(Press.ALL_HERE, Press.TYPE_BAG),
        "Refused": lambda w: w.ready().scan("refused"),
        "StaffCalled": lambda w: w.ready().scan("staff"),
        "Receipt": lambda w: w.ready().scan("accept").scan("BAG1"),
        "Done": lambda w: w.ready().scan("accept").scan("BAG1").press(Press.FINISH),
        "OutOfService": lambda w: w.service(Trouble.REVOKED).ready(),
    }


def test_every_screen_takes_every_event(new_walk, a_scan):
    every = [
        Ready(),
        Tick(),
        a_scan("BAG1"),
        a_scan("accept"),
        a_scan("junk"),
        ScanHint(HintKind.CLOSER, "camera", 0.0),
        *(Pressed(key) for key in Press),
        Typed("A"),
        *(FieldChosen(field) for field in Field),
        LineToggled("line-0"),
        Answered("unused"),
        LanguageChosen("de"),
        ReceiptDone("drop-2", Printed()),
        ServiceChanged(Service(frozenset({Trouble.OFFLINE}))),
        ServiceChanged(Service(frozenset({Trouble.REVOKED}))),
    ]
    assert {type(e) for e in every} == set(get_args(model.FlowEvent))
    assert set(reach()) == {kind.__name__ for kind in get_args(model.Screen)}
    for name, way in reach().items():
        for event in every:
            walk = new_walk()
            for code, lines in RETURNS.items():
                walk.knows(code, *lines)
            way(walk)
            assert type(walk.screen).__name__ == name
            assert isinstance(walk.on(event).session, model.Session)
