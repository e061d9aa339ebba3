"""The flow, its verbs, the use cases and a real SQLite file together: no fakes but devices."""

from __future__ import annotations

import importlib.util
import queue
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.app.site import Site
from kiosk.flows.doing import Doing
from kiosk.flows.model import (
    Answered,
    Asking,
    Attract,
    Bagging,
    Items,
    LineToggled,
    Press,
    Pressed,
    Ready,
    Receipt,
    Refused,
    StaffCalled,
    Tick,
    Timing,
    Typed,
    TypeSerial,
)
from kiosk.flows.shopper import initial, step
from kiosk.ports import DeviceFamily, DeviceState, DeviceStatus, Pair, Printed
from kiosk.words import words

_KIOSK = Path(__file__).parents[1] / "app" / "conftest.py"


def _ready_kiosk():
    """The data directory with policy, returns and keys that the use cases are tested on."""
    name = "kiosk_on_disk"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, _KIOSK)
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name].Ready


class Paper:
    name = "paper"

    def __init__(self):
        self.documents = []

    def status(self):
        return DeviceStatus("paper", DeviceFamily.PRINTER, DeviceState.READY)

    def print(self, document):
        self.documents.append(document)
        return Printed()

    def close(self):
        pass


class Visit:
    def __init__(self, directory):
        self.kiosk = _ready_kiosk().create(directory)
        self.paper = Paper()
        self.posted = queue.Queue()
        self.do = Doing(
            self.kiosk.drop_off,
            self.kiosk.receipts,
            self.kiosk.clock,
            self.kiosk.ids,
            printer=self.paper,
            scanners=(),
            words=words,
            timezone="Europe/Berlin",
            site_name="Main Street 1",
            post=self.posted.put,
        )
        self.session = initial(Timing())
        self.on(Ready())

    @property
    def screen(self):
        return self.session.screen

    def on(self, *events):
        for event in events:
            self.session = step(self.session, event, self.do, Timing())
        return self

    def scan(self, number):
        return self.on(self.kiosk.code(number))

    def bag(self, number=1):
        return self.on(self.kiosk.bag(number))

    def press(self, *keys):
        return self.on(*(Pressed(key) for key in keys))

    def wait(self, seconds):
        self.kiosk.clock.pass_time(timedelta(seconds=seconds))
        return self.on(Tick())


@pytest.fixture
def visit(tmp_path):
    made = Visit(tmp_path / "data")
    yield made
    made.do.close()
    made.kiosk.close()


def test_a_drop_is_promised_printed_and_recorded(visit):
    visit.scan(1).press(Press.ALL_HERE).bag()
    assert isinstance(visit.screen, Receipt)
    visit.on(visit.posted.get(timeout=30))
    assert visit.screen.outcome == Printed()
    assert visit.paper.documents[0].title.endswith(visit.screen.drop.drop_number)
    assert visit.kiosk.types()[-2:] == ["drop.committed", "receipt.settled"]


def test_a_second_scan_is_met_with_already_dropped(visit):
    visit.scan(1).bag().press(Press.ANOTHER).scan(1)
    assert isinstance(visit.screen, Attract)
    problem = visit.screen.problem
    assert problem.why == "return_already_dropped"
    assert words("en").reason(problem) == ("This return was already dropped off on March 10, 2025.")
    assert len(visit.kiosk.events("drop.committed")) == 1


def test_what_was_not_brought_may_come_in_the_next_bag(visit):
    visit.scan(1).on(LineToggled("L-2")).bag(1).press(Press.ANOTHER).scan(1)
    assert isinstance(visit.screen, Items)
    assert [item.line.line_id for item in visit.screen.drop.items] == ["L-2"]
    visit.bag(1)
    assert visit.screen.problem.why == "bag_in_use"
    visit.bag(2)
    assert isinstance(visit.screen, Receipt)
    assert len(visit.kiosk.events("drop.committed")) == 2


def test_what_may_stay_needs_no_bag(visit):
    visit.scan(2).press(Press.ALL_HERE)
    assert isinstance(visit.screen, Receipt)
    assert visit.kiosk.events("drop.committed")[0]["bag_id"] == ""


@pytest.mark.parametrize("number", [3, 11])
def test_what_cannot_be_taken_is_recorded_once(visit, number):
    visit.scan(number)
    assert isinstance(visit.screen, Refused if number == 3 else StaffCalled)
    visit.wait(600)
    assert visit.screen == Attract()
    assert visit.kiosk.types().count("drop.refused") == 1
    assert "drop.abandoned" not in visit.kiosk.types()
    assert visit.kiosk.types().count("staff.needed") == (number == 11)


@pytest.mark.parametrize(("answer", "kind"), [("unworn", Bagging), ("worn", Refused)])
def test_a_question_decides(visit, answer, kind):
    visit.scan(4).press(Press.ALL_HERE)
    assert isinstance(visit.screen, Asking)
    visit.on(Answered(answer))
    assert isinstance(visit.screen, kind)


def test_a_mixed_return_takes_what_can_be_taken(visit):
    visit.scan(5).press(Press.ALL_HERE).bag()
    assert isinstance(visit.screen, Receipt)
    states = [line["state"] for line in visit.kiosk.events("drop.committed")[0]["lines"]]
    assert states == ["accepted", "refused", "returnless"]


@pytest.mark.parametrize("way", ["cancel", "back", "time", "help"])
def test_what_is_left_is_abandoned_and_its_bag_free(visit, way):
    visit.scan(1).press(Press.ALL_HERE)
    match way:
        case "cancel":
            visit.press(Press.CANCEL)
        case "back":
            visit.press(Press.BACK, Press.BACK)
        case "time":
            visit.wait(60)
        case _:
            visit.press(Press.CALL_STAFF, Press.FINISH)
    assert visit.screen == Attract()
    assert visit.kiosk.types().count("drop.abandoned") == 1
    visit.scan(1).bag()
    assert isinstance(visit.screen, Receipt)


def test_a_return_nobody_knows_is_a_sentence_and_a_next_step(visit):
    visit.scan(99)
    assert visit.screen.problem.why == "return_unknown"
    assert visit.kiosk.types()[-1] == "code.rejected"


def test_a_typed_code_leads_the_same_way(visit):
    from kiosk.domain import codes
    from kiosk.flows.model import Typed, TypeShortCode

    visit.press(Press.SHORT_CODE).on(*(Typed(char) for char in codes.short_code(1)))
    assert isinstance(visit.screen, TypeShortCode)
    visit.press(Press.SUBMIT).bag()
    assert isinstance(visit.screen, Receipt)


def test_the_offline_promise_is_still_to_be_confirmed(visit):
    visit.kiosk.offline = True
    visit.scan(1).bag().on(visit.posted.get(timeout=30))
    said = [getattr(block, "text", "") for block in visit.paper.documents[0].blocks]
    assert "The shop still confirms this amount." in said


# --- what rules can ask and charge --------------------------------------------------------------

METHODS = (
    {"rule": "allow", "id": "all"},
    {"rule": "refund_method", "id": "how", "methods": ["original", "store_credit"]},
    {
        "rule": "bonus",
        "id": "more",
        "method": "store_credit",
        "per": "percent",
        "basis_points": 1000,
    },
    {
        "rule": "fee",
        "id": "postage",
        "kind": "label",
        "per": "return",
        "amount": 400,
        "currency": "EUR",
    },
)


def _paper(visit):
    visit.on(visit.posted.get(timeout=30))
    return "\n".join(
        f"{block.label}: {block.value}" if isinstance(block, Pair) else getattr(block, "text", "")
        for block in visit.paper.documents[-1].blocks
    )


def test_store_credit_is_chosen_by_its_amount_and_stands_on_the_receipt(visit):
    visit.kiosk.install(2, rules={"shoes": METHODS})
    visit.scan(1).press(Press.ALL_HERE)  # 49.99 and three of 19.99
    offers = {one.answer: (one.total.minor, one.bonus.minor) for one in visit.screen.offers}
    assert offers == {"original": (10596, 0), "store_credit": (11696, 1100)}
    visit.on(Answered("store_credit"))
    assert isinstance(visit.screen, Items)  # the fee is read before anything is agreed
    visit.press(Press.ALL_HERE).bag()
    assert (visit.screen.drop.refund.minor, visit.screen.drop.bonus.minor) == (10596, 1100)
    paper = _paper(visit)
    for line in ("Return postage: €4.00", "Bonus: €11.00", "Refund expected: €116.96"):
        assert line in paper
    assert "As store credit" in paper
    (fact,) = visit.kiosk.events("drop.committed")
    assert sum(line["bonus"] for line in fact["lines"]) == 1100


def test_offline_the_credit_is_still_to_be_confirmed(visit):
    visit.kiosk.install(2, rules={"shoes": METHODS})
    visit.kiosk.offline = True
    visit.scan(1).press(Press.ALL_HERE).on(Answered("store_credit")).press(Press.ALL_HERE).bag()
    paper = _paper(visit)
    assert "as store credit, to be confirmed." in paper
    assert "The shop still confirms this amount." in paper


def test_the_second_visit_pays_no_postage_again(visit):
    visit.kiosk.install(2, rules={"shoes": (METHODS[0], METHODS[3])})
    visit.scan(1).on(LineToggled("L-2")).press(Press.ALL_HERE).bag(1)
    assert visit.screen.drop.refund.minor == 4999 - 400
    visit.press(Press.FINISH, Press.FINISH).scan(1).press(Press.ALL_HERE).bag(2)
    assert visit.screen.drop.refund.minor == 3 * 1999


def test_a_serial_number_that_was_sold_opens_the_way_and_is_recorded(visit, tmp_path):
    app = sys.modules[type(visit.kiosk).__module__]
    drill = app.authorisation(1, app.line("L-1", category="tools", serials=("CD18-40417",)))
    evidence = {"rule": "evidence", "id": "serial", "evidence": "serial"}
    visit.kiosk.install(2, [drill], rules={"shoes": (METHODS[0], evidence)})
    visit.scan(1).press(Press.ALL_HERE)
    assert isinstance(visit.screen, TypeSerial)
    visit.on(*(Typed(char) for char in "CD1840417")).press(Press.SUBMIT)
    assert isinstance(visit.screen, Bagging)
    visit.bag()
    (fact,) = visit.kiosk.events("drop.committed")
    assert fact["lines"][0]["answers"] == {"evidence_serial": "CD1840417"}


@pytest.mark.parametrize(("staffed", "screen"), [(True, StaffCalled), (False, Refused)])
def test_nobody_is_promised_where_nobody_is(visit, staffed, screen):
    visit.kiosk.install(2, rules={"shoes": ({"rule": "staff", "id": "person"},)})
    visit.kiosk.drop_off._site = Site(staffed=staffed)
    visit.scan(1)
    assert isinstance(visit.screen, screen)
