"""Carrier hand-over: a driver's code and two touches; both sides sign what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kiosk.domain.codes.model import Tracking
from kiosk.domain.counter import commands as ask
from kiosk.domain.counter import listed
from kiosk.domain.counter.commands import Role, Who
from kiosk.domain.counter.containers import ContainerState
from kiosk.domain.counter.listed import Counts
from kiosk.domain.counter.manifests import ManifestState
from kiosk.domain.counter.meaning import (
    BagScanned,
    ContainerScanned,
    DriverScanned,
    ParcelScanned,
    SealScanned,
)
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.saying import Because, Refused
from kiosk.flows.counter import leaving
from kiosk.flows.counter.model import (
    Acted,
    Approved,
    Did,
    Drawn,
    Heard,
    Key,
    PaperDone,
    PrintManifest,
    Tone,
)
from kiosk.flows.counter.states.desk import Home, Overriding
from kiosk.flows.counter.states.leaving import (
    ContainerInHand,
    Containers,
    HandOver,
    Signed,
    Signing,
    Waiting,
)
from kiosk.flows.counter.states.outbound import Paper, Stroke
from tests.flows.counter.fake_desk import ADA

if TYPE_CHECKING:
    from tests.flows.counter.conftest import Shift

STAFF, BOSS = Who("anna", Role.ASSOCIATE), Who("ben", Role.SUPERVISOR)
NAME: Stroke = tuple((x, 400 + x % 90) for x in range(100, 800, 20))
S = ContainerState


def closed(shift: Shift, container: str, carrier: str = "dhl", bags: int = 2) -> str:
    """A container that was filled and sealed before; its id."""
    desk = shift.desk
    desk.done(ask.ProvideContainer(container, f"TC-{container}", carrier, 40), STAFF)
    desk.done(ask.OpenContainer(container), STAFF)
    for at in range(bags):
        desk.done(ask.ContainBag(f"TB-{container}-{at}", container), STAFF)
    desk.done(ask.CloseContainer(container, f"TZ-{container}"), STAFF)
    return container


def loose(shift: Shift, number: str, carrier: str = "dhl") -> str:
    for command in (
        ask.Receive(number, carrier),
        ask.RefuseOut(number),
        ask.Stage(number, "R1"),
    ):
        shift.desk.done(command, STAFF)
    return number


def driver_comes(shift: Shift, fetches: int | None = None, carrier: str = "dhl") -> HandOver:
    """What follows a delivery of theirs, or begins with their code."""
    driver = DriverScanned(carrier, "R7", 0, fetches)
    shift.session = leaving.hand_over(shift.session, driver, shift.desk, shift.timing)
    assert isinstance(shift.screen, HandOver), shift.said
    return shift.screen


def job(shift: Shift) -> HandOver:
    assert isinstance(shift.screen, HandOver), shift.screen
    return shift.screen


def signs(shift: Shift) -> None:
    shift.happens(Drawn(NAME))
    shift.press(Key.DONE)


def parcel(number: str) -> ParcelScanned:
    return ParcelScanned((Tracking("dhl", "", number),))


# --- the plain case ------------------------------------------------------------------------------


def test_two_touches_hand_over_all_that_waits(anna: Shift) -> None:
    closed(anna, "c1")
    closed(anna, "c2", bags=3)
    loose(anna, "P1")
    screen = driver_comes(anna, fetches=3)
    assert (screen.containers_going, screen.loose_going) == (("c1", "c2"), ("P1",))
    anna.press(Key.READY)  # the first touch: this is what goes
    anna.happens(Drawn(NAME))
    anna.press(Key.DONE)  # the second: signed
    assert isinstance(anna.screen, Signed)
    assert anna.screen.counts == Counts(containers=2, bags=5, parcels=0, loose=1)
    assert (anna.did, anna.flash.tone) == (Did.HANDED_OVER, Tone.RIGHT)
    shop = anna.desk.shop()
    assert {shop.containers[c].state for c in ("c1", "c2")} == {S.HANDED_OVER}
    assert shop.parcels["P1"].state is ParcelState.RETURNED_TO_SENDER


def test_both_signatures_are_of_this_list_and_this_drawing(anna: Shift) -> None:
    closed(anna, "c1")
    driver_comes(anna)
    anna.press(Key.READY)
    signs(anna)
    assert isinstance(anna.screen, Signed)
    manifest = anna.screen.manifest
    story = anna.desk.shop().manifests.story(manifest.manifest_id)
    fact = story[-1].fact
    assert getattr(fact, "staff_signature", "") == listed.confirmed(manifest, "anna")
    assert getattr(fact, "driver_signature", "") == f"{1:064x}"
    assert anna.desk.signatures == [(NAME,)]
    assert listed.confirmed(manifest, "ben") != listed.confirmed(manifest, "anna")


def test_both_sides_hold_the_same_list(anna: Shift) -> None:
    closed(anna, "c1")
    driver_comes(anna)
    anna.press(Key.READY)
    signs(anna)
    assert isinstance(anna.screen, Signed)
    assert anna.desk.printed == [PrintManifest(anna.screen.manifest.manifest_id)]
    assert anna.screen.qr == f"HANDED OVER {anna.screen.manifest.manifest_id}"


def test_the_drivers_own_books_may_say_otherwise(anna: Shift) -> None:
    closed(anna, "c1")
    driver_comes(anna, fetches=4)
    anna.press(Key.READY)
    signs(anna)
    assert (anna.did, anna.flash.tone) == (Did.FETCHES_DIFFER, Tone.CARE)


# --- what goes, and what stays -------------------------------------------------------------------


def test_what_is_scanned_goes_and_the_rest_stays(anna: Shift) -> None:
    for one in ("c1", "c2", "c3"):
        closed(anna, one)
    loose(anna, "P1")
    driver_comes(anna)
    anna.scan(ContainerScanned("TC-c2"))
    anna.scan(parcel("P1"))
    assert (job(anna).containers_going, job(anna).loose_going) == (("c2",), ("P1",))
    anna.scan(ContainerScanned("TC-c2"))
    anna.press(Key.READY)
    signs(anna)
    shop = anna.desk.shop()
    assert [shop.containers[c].state for c in ("c1", "c2", "c3")] == [
        S.CLOSED,
        S.HANDED_OVER,
        S.CLOSED,
    ]
    assert isinstance(anna.screen, Signed)
    assert anna.screen.manifest.stayed == ("c1", "c3")
    assert set(driver_comes(anna).containers_going) == {"c1", "c3"}  # they wait for another


def test_a_touch_takes_one_off_and_puts_it_back(anna: Shift) -> None:
    closed(anna, "c1")
    closed(anna, "c2")
    driver_comes(anna)
    anna.choose("c1")
    assert job(anna).containers_going == ("c2",)
    anna.choose("c1")
    assert job(anna).going is None
    anna.choose("c1")
    anna.press(Key.ALL)
    assert job(anna).containers_going == ("c1", "c2")
    before = anna.session
    assert anna.press(Key.ALL) is before
    assert anna.choose("c9") is before


def test_where_nothing_is_left_on_the_list_nothing_is_signed(anna: Shift) -> None:
    closed(anna, "c1")
    driver_comes(anna)
    anna.choose("c1")
    anna.press(Key.READY)
    assert isinstance(anna.said, Refused)
    assert anna.said.because is Because.MANIFEST_EMPTY
    assert isinstance(anna.screen, HandOver)


@pytest.mark.parametrize("what", [ContainerScanned("TC-gls1"), parcel("P9")])
def test_what_is_not_on_the_list_does_not_go(
    anna: Shift, what: ContainerScanned | ParcelScanned
) -> None:
    closed(anna, "c1")
    closed(anna, "gls1", "gls")
    anna.desk.done(ask.Receive("P9", "dhl"), STAFF)
    driver_comes(anna)
    anna.scan(what)
    assert isinstance(anna.said, Refused)
    assert anna.said.because is Because.NOT_ON_MANIFEST
    assert job(anna).going is None


def test_one_that_is_closed_meanwhile_is_listed_by_its_scan(anna: Shift) -> None:
    closed(anna, "c1")
    driver_comes(anna)
    closed(anna, "c2")
    anna.scan(ContainerScanned("TC-c2"))
    assert job(anna).containers_going == ("c2",)
    assert set(job(anna).manifest.containers) == {"c1", "c2"}


def test_the_list_follows_the_other_counter_until_it_is_frozen(anna: Shift) -> None:
    closed(anna, "c1")
    driver_comes(anna)
    closed(anna, "c2")
    anna.happens(Heard())
    assert job(anna).containers_going == ("c1", "c2")
    anna.desk.done(ask.ReopenContainer("c1", "wrong bag"), BOSS)
    anna.happens(Heard())
    assert job(anna).containers_going == ("c2",)
    anna.press(Key.READY)
    closed(anna, "c3")
    anna.happens(Heard())
    assert isinstance(anna.screen, Signing)
    assert anna.screen.job.containers_going == ("c2",)


def test_one_that_is_damaged_after_the_list_was_frozen_stays(anna: Shift) -> None:
    closed(anna, "c1")
    closed(anna, "c2")
    driver_comes(anna)
    anna.press(Key.READY)
    anna.desk.done(ask.ReportDamaged("c1"), STAFF)
    anna.happens(Heard())
    signs(anna)
    assert isinstance(anna.screen, Signed)
    assert anna.screen.manifest.went == ("c2",)


def test_nothing_waits(anna: Shift) -> None:
    assert not leaving.waits("dhl", anna.desk)
    driver = DriverScanned("dhl", "R7")
    anna.session = leaving.hand_over(anna.session, driver, anna.desk, anna.timing)
    assert isinstance(anna.said, Refused)
    assert anna.said.because is Because.MANIFEST_EMPTY
    assert isinstance(anna.screen, Home)


# --- signing -------------------------------------------------------------------------------------


def signing(shift: Shift) -> None:
    closed(shift, "c1")
    driver_comes(shift)
    shift.press(Key.READY)
    assert isinstance(shift.screen, Signing)


def test_nothing_goes_without_the_drivers_name(anna: Shift) -> None:
    signing(anna)
    anna.press(Key.DONE)
    assert anna.did is Did.NOT_SIGNED
    anna.happens(Drawn(((500, 500),)))
    anna.press(Key.DONE)
    assert anna.did is Did.NOT_SIGNED
    anna.happens(Drawn(NAME))
    anna.press(Key.CLEAR)
    assert isinstance(anna.screen, Signing)
    assert anna.screen.strokes == ()
    assert anna.desk.shop().containers["c1"].state is S.MANIFESTED


def test_a_name_that_cannot_be_kept_signs_nothing(anna: Shift) -> None:
    signing(anna)
    anna.desk.disk_full = True
    signs(anna)
    assert anna.did is Did.SIGNATURE_NOT_KEPT
    assert isinstance(anna.screen, Signing)


@pytest.mark.parametrize(
    "scan", [ContainerScanned("TC-c1"), BagScanned("TB9"), SealScanned("TZ9"), parcel("P9")]
)
def test_while_the_driver_has_the_pen_nothing_else_begins(
    anna: Shift, scan: ContainerScanned | BagScanned | SealScanned | ParcelScanned
) -> None:
    signing(anna)
    before = anna.screen
    anna.scan(scan)
    assert (anna.did, anna.screen) == (Did.FINISH_FIRST, before)


def test_back_to_the_frozen_list_and_on(anna: Shift) -> None:
    signing(anna)
    anna.press(Key.BACK)
    assert job(anna).manifest.state is ManifestState.READY
    anna.press(Key.READY)
    signs(anna)
    assert isinstance(anna.screen, Signed)


def test_a_list_that_was_begun_is_gone_on_with(anna: Shift) -> None:
    """After a crash, or when another driver's code came in between."""
    signing(anna)
    anna.press(Key.BACK)
    began = job(anna).manifest.manifest_id
    anna.press(Key.BACK)
    assert isinstance(anna.screen, Home)
    anna.press(Key.CONTAINERS)
    assert isinstance(anna.screen, Containers)
    assert anna.screen.waiting == (Waiting("dhl", 0, 0, began),)
    anna.choose("dhl")
    assert job(anna).manifest.manifest_id == began
    assert job(anna).containers_going == ("c1",)


def test_a_draft_is_listed_anew_and_not_begun_twice(anna: Shift) -> None:
    closed(anna, "c1")
    first = driver_comes(anna).manifest.manifest_id
    anna.press(Key.BACK)
    closed(anna, "c2")
    again = driver_comes(anna)
    assert (again.manifest.manifest_id, again.containers_going) == (first, ("c1", "c2"))


# --- what the lifecycles do not list -------------------------------------------------------------


def on_a_list(shift: Shift) -> None:
    """A container on a frozen list, in hand."""
    closed(shift, "c1")
    driver_comes(shift)
    shift.press(Key.READY, Key.BACK, Key.BACK)
    shift.scan(ContainerScanned("TC-c1"))
    assert isinstance(shift.screen, ContainerInHand)
    assert shift.screen.line.container.state is S.MANIFESTED


@pytest.mark.parametrize("scan", [BagScanned("TB9"), SealScanned("TZ9"), parcel("P1")])
def test_nothing_is_done_with_a_container_on_a_frozen_list(
    anna: Shift, scan: BagScanned | SealScanned | ParcelScanned
) -> None:
    loose(anna, "P1", "gls")
    on_a_list(anna)
    anna.scan(scan)
    assert isinstance(anna.said, Refused)
    assert anna.said.because is Because.CONTAINER_ON_MANIFEST


@pytest.mark.parametrize("key", [Key.REOPEN, Key.HAND_OVER, Key.CLOSE])
def test_no_key_opens_or_moves_it(anna: Shift, key: Key) -> None:
    on_a_list(anna)
    before = anna.session
    assert anna.press(key) is before


@pytest.mark.parametrize(
    ("meanwhile", "because"),
    [
        (ask.VoidManifest("id-1", "the driver left"), Because.MANIFEST_VOIDED),
        (ask.SignManifest("id-1", ("c1",), (), "a" * 64, "b" * 64), Because.MANIFEST_SIGNED),
    ],
)
@pytest.mark.parametrize("ready", [False, True])
def test_what_the_other_counter_did_and_nobody_heard_yet(
    anna: Shift, meanwhile: ask.Command, because: Because, ready: bool
) -> None:
    """The second signature, or a list frozen twice, is refused by what the shop knows."""
    closed(anna, "c1")
    assert driver_comes(anna).manifest.manifest_id == "id-1"
    if ready:
        anna.press(Key.READY)
    elif isinstance(meanwhile, ask.SignManifest):
        anna.desk.done(ask.ReadyManifest("id-1"), STAFF)
    anna.desk.done(meanwhile, BOSS)
    if ready:
        signs(anna)
        assert isinstance(anna.said, Refused)
        assert anna.said.because is because
    else:
        anna.press(Key.READY)
        assert (anna.did, type(anna.screen)) == (Did.NOT_LISTED, Home)


def test_a_shift_that_changes_takes_the_drivers_name_off_the_screen(anna: Shift) -> None:
    signing(anna)
    anna.happens(Drawn(NAME))
    anna.sign_in(ADA)
    assert isinstance(anna.screen, Home)
    assert NAME not in [
        stroke for screen in anna.session.kept.values() for stroke in getattr(screen, "strokes", ())
    ]


# --- given up ------------------------------------------------------------------------------------


def test_giving_a_list_up_asks_for_a_reason(anna: Shift) -> None:
    signing(anna)
    anna.press(Key.BACK)
    manifest_id = job(anna).manifest.manifest_id
    anna.press(Key.VOID)
    assert isinstance(anna.screen, Overriding)
    assert anna.screen.command == ask.VoidManifest(manifest_id, "")


def test_given_up_its_containers_are_what_they_were(anna: Shift) -> None:
    signing(anna)
    anna.press(Key.BACK)
    command = ask.VoidManifest(job(anna).manifest.manifest_id, "the driver left")
    facts = anna.desk.done(command, BOSS)
    anna.happens(Approved(command, Acted(facts)))
    assert anna.did is Did.VOIDED
    assert anna.desk.shop().containers["c1"].state is S.CLOSED


@pytest.mark.parametrize("on", [HandOver, Signing])
def test_a_list_that_is_given_up_elsewhere_is_nothing_to_stay_on(
    anna: Shift, on: type[HandOver] | type[Signing]
) -> None:
    signing(anna)
    assert isinstance(anna.screen, Signing)
    manifest_id = anna.screen.job.manifest.manifest_id
    if on is HandOver:
        anna.press(Key.BACK)
    anna.desk.done(ask.VoidManifest(manifest_id, "the driver left"), BOSS)
    anna.happens(Heard())
    assert isinstance(anna.screen, Home)
    assert anna.did is Did.NOT_LISTED


# --- the other ways in, and the paper ------------------------------------------------------------


def test_from_a_sealed_container_to_its_carriers_list(anna: Shift) -> None:
    closed(anna, "c1")
    anna.scan(ContainerScanned("TC-c1"))
    assert isinstance(anna.screen, ContainerInHand)
    anna.press(Key.HAND_OVER)
    assert job(anna).containers_going == ("c1",)


def test_one_for_anybody_goes_with_whom_the_list_names(anna: Shift) -> None:
    closed(anna, "c1", "")
    loose(anna, "P1")
    anna.scan(ContainerScanned("TC-c1"))
    anna.press(Key.HAND_OVER)
    assert isinstance(anna.screen, Containers)
    anna.choose("dhl")
    assert (job(anna).containers_going, job(anna).loose_going) == (("c1",), ("P1",))


def on_paper(shift: Shift) -> Paper:
    assert isinstance(shift.screen, Signed)
    return shift.screen.paper


def test_the_hand_over_stands_without_paper(anna: Shift) -> None:
    signing(anna)
    signs(anna)
    anna.happens(PaperDone(1, Paper.FAILED))
    assert on_paper(anna) is Paper.FAILED
    anna.press(Key.REPRINT)
    assert (on_paper(anna), len(anna.desk.printed)) == (Paper.WAITING, 2)
    before = anna.session
    assert anna.press(Key.REPRINT) is before  # one is on its way
    assert anna.happens(PaperDone(1, Paper.PRINTED)) is before  # of the one before
    anna.happens(PaperDone(2, Paper.PRINTED))
    anna.press(Key.DONE)
    assert isinstance(anna.screen, Home)
    assert anna.desk.shop().containers["c1"].state is S.HANDED_OVER
