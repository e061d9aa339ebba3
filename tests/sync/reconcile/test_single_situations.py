"""What opens a case, when, and what takes it back: one situation each."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from kiosk.cli.app import app
from sync.central.database import Database
from sync.central.reconcile import books
from sync.central.reconcile.gaps import holes, joined
from sync.central.reconcile.model import Kind
from sync.central.reconcile.run import set_tolerances, tolerances_of
from sync.central.tables import books as books_kept
from sync.central.tables import cases, movements
from tests.sync.conftest import TENANT
from tests.sync.reconcile.shop import MONDAY, Shop


@pytest.fixture
def shop(prepared_file, tmp_path):
    path = tmp_path / "centre.db"
    path.write_bytes(prepared_file.read_bytes())
    database = Database(f"sqlite:///{path}")
    yield Shop(database)
    database.close()


def test_a_bag_that_is_in_no_container_after_a_day_is_missing(shop):
    shop.dropped("B1")
    shop.later(hours=23, minutes=59)
    assert shop.open() == []
    shop.later(minutes=1)
    assert shop.open() == ["missing:bag:B1"]
    case = shop.case("missing:bag:B1")
    assert (case.site, case.evidence["sides"]) == ("Main Street", ["dropped", "contained"])
    assert (case.evidence["receipts"], case.evidence["drops"]) == (["K1-000001-X"], ["drop-1"])


def test_a_late_word_settles_it_and_says_why(shop):
    shop.dropped("B1")
    shop.later(days=2)
    shop.told(Kind.CONTAINED, bag_id="B1", container_id="C1", source_id="in-1")
    done = shop.later(minutes=1)
    assert (done.gone, shop.open()) == (1, [])
    case = shop.case("missing:bag:B1")
    assert (case.state, case.resolution, case.steps) == ("settled", "cause_gone", 2)
    assert "hub:north in-1 contained" in case.evidence["detail"]


def test_what_a_person_settled_stays_settled_until_something_new_is_known(shop):
    shop.dropped("B1")
    shop.later(days=2)
    by_hand = cases.update().values(state="settled", resolution="written_off", settled_by="ann")
    shop.database.write(lambda c: c.execute(by_hand))
    shop.later(days=1)
    assert shop.open() == []
    shop.dropped("B1", "R2")  # the same bag once more: another case, and news for this one
    shop.later(minutes=1)
    assert shop.open() == ["duplicate_drop:bag:B1", "missing:bag:B1"]


def test_a_whole_container_that_is_missing_is_one_case_not_forty(shop):
    for number in range(40):
        shop.dropped(f"B{number}", f"R{number}")
        shop.told(Kind.CONTAINED, bag_id=f"B{number}", container_id="C1")
    shop.told(Kind.HANDED_OVER, container_id="C1", manifest_id="M1", count=40)
    shop.told(Kind.ACKNOWLEDGED, manifest_id="M1", count=1)
    shop.later(days=4, hours=23)
    assert shop.open() == []
    shop.later(hours=1)
    assert shop.open() == ["missing:container:C1"]


def test_the_bag_that_did_not_come_out_of_its_container_is_missing(shop):
    for bag in ("B1", "B2"):
        shop.dropped(bag, f"R-{bag}")
        shop.told(Kind.CONTAINED, bag_id=bag, container_id="C1")
    shop.told(Kind.RECEIVED, bag_id="B1", count=1)
    shop.later(days=2)
    assert shop.open() == ["missing:bag:B2"]


def test_a_bag_moved_to_another_container_is_looked_for_there(shop):
    shop.dropped("B1")
    shop.told(Kind.CONTAINED, bag_id="B1", container_id="C1")
    shop.told(Kind.CONTAINED, bag_id="B1", container_id="C2", at=MONDAY + timedelta(hours=1))
    shop.told(Kind.HANDED_OVER, container_id="C2", count=1)
    shop.told(Kind.HANDED_OVER, container_id="C1", count=0)
    shop.later(hours=1)
    assert shop.open() == []


def test_a_recount_stands_for_the_count_before_it(shop):
    shop.dropped("B1", units=3)
    shop.told(Kind.RECEIVED, bag_id="B1", count=2)
    shop.later(hours=1)
    assert shop.open() == ["count_differs:bag:B1"]
    assert shop.case("count_differs:bag:B1").evidence["compared"] == [
        {"what": "units", "first": 3, "second": 2, "line_id": "", "currency": ""}
    ]
    shop.told(Kind.RECEIVED, bag_id="B1", count=3)
    shop.later(hours=1)
    assert shop.open() == []


def test_a_recount_stands_also_where_it_is_lower(shop):
    shop.dropped("B1", units=2)
    shop.told(Kind.CONTAINED, bag_id="B1", container_id="C1")
    for bags, containers, units in ((2, 2, 3), (1, 1, 2)):
        shop.told(Kind.HANDED_OVER, container_id="C1", manifest_id="M1", count=bags)
        shop.told(Kind.ACKNOWLEDGED, manifest_id="M1", count=containers)
        shop.told(Kind.RECEIVED, bag_id="B1", count=units)
        shop.later(hours=1)
        wrong = ["bag:B1", "container:C1", "manifest:M1"] if units == 3 else []
        assert shop.open() == [f"count_differs:{one}" for one in wrong]


def test_a_clock_that_was_years_ahead_for_one_run_hides_nothing(shop):
    shop.later(days=1500)
    shop.now = MONDAY
    shop.later(minutes=5)
    shop.dropped("B1")
    shop.later(days=2)
    assert shop.open() == ["missing:bag:B1"]


def test_a_refund_may_differ_by_the_tolerance_and_no_more(shop):
    set_tolerances(shop.database, TENANT, amount=5)
    for number, paid in enumerate((995, 1005, 994, 1006)):
        shop.dropped(f"B{number}", f"R{number}")
        shop.told(Kind.CONTAINED, bag_id=f"B{number}", container_id="C1")
        shop.told(Kind.REFUNDED, return_id=f"R{number}", amount=paid, currency="EUR")
    shop.told(Kind.RECEIVED, container_id="C1")
    shop.later(days=15)
    assert shop.open() == ["value_differs:return:R2", "value_differs:return:R3"]
    case = shop.case("value_differs:return:R2")
    assert (case.amount, case.currency) == (6, "EUR")


def test_a_refund_in_two_parts_is_whole_when_both_are_there(shop):
    set_tolerances(shop.database, TENANT, contained_hours=0)
    shop.dropped("B1", units=2)
    shop.told(Kind.REFUNDED, return_id="R1", amount=1500, currency="EUR")
    shop.later(days=14)
    assert shop.open() == ["value_differs:return:R1"]
    shop.told(Kind.REFUNDED, return_id="R1", amount=500, currency="EUR")
    shop.later(minutes=1)
    assert shop.open() == []


def test_a_check_that_is_switched_off_opens_nothing(shop):
    set_tolerances(shop.database, TENANT, contained_hours=0, refunded_hours=0)
    shop.dropped("B1")
    shop.later(days=60)
    assert shop.open() == []


def test_what_nobody_dropped_waits_for_a_late_kiosk(shop):
    shop.told(Kind.RECEIVED, bag_id="B9", count=1)
    shop.told(Kind.CONTAINED, bag_id="B8", container_id="C1")
    shop.told(Kind.RECEIVED, container_id="C1", count=1)
    shop.later(hours=47)
    assert shop.open() == []
    shop.later(hours=1)
    assert shop.open() == ["extra:bag:B8", "unknown_parcel:bag:B9"]
    shop.dropped("B9", "R9", at=MONDAY)
    shop.later(minutes=1)
    assert shop.open() == ["extra:bag:B8"]


def test_a_source_cannot_change_what_it_told(shop):
    first = shop.told(Kind.RECEIVED, bag_id="B1", count=1, source_id="7")
    again = shop.told(Kind.RECEIVED, bag_id="B1", count=1, source_id="7")
    other = shop.told(Kind.RECEIVED, bag_id="B1", count=2, source_id="7")
    assert [(one.new, one.known, len(one.clashes)) for one in (first, again, other)] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"kind": Kind.CONTAINED, "bag_id": "B1"},
        {"kind": Kind.HANDED_OVER},
        {"kind": Kind.GRADED, "return_id": "R1", "line_id": "L1"},
        {"kind": Kind.REFUNDED, "return_id": "R1"},
        {"kind": Kind.RECEIVED, "bag_id": "B\0"},
        {"kind": Kind.RECEIVED, "bag_id": "B1", "count": -2},
        {"kind": Kind.RECEIVED, "bag_id": "B1", "at": MONDAY.replace(tzinfo=None)},
    ],
)
def test_a_movement_that_says_nothing_is_not_kept(shop, values):
    with pytest.raises(ValueError, match="hub:north"):
        shop.told(**values)
    with shop.database.reading() as c:
        assert c.execute(sa.select(sa.func.count()).select_from(movements)).scalar_one() == 0


def test_another_tenants_goods_are_nobodys_business(shop):
    other = {"tenant": "rival", "name": "Rival", "audience": "rival"}
    shop.database.write(
        lambda c: c.execute(
            sa.text(
                "INSERT INTO tenants (tenant, name, audience, code_pepper)"
                " VALUES (:tenant, :name, :audience, '')"
            ),
            other,
        )
    )
    copied = sa.select(
        *(sa.literal("rival") if one.name == "tenant" else one for one in movements.columns)
    )
    shop.dropped("B1")
    shop.told(Kind.CONTAINED, bag_id="B1", container_id="C1")
    shop.told(Kind.RECEIVED, bag_id="B1", count=1)
    shop.database.write(
        lambda c: c.execute(movements.insert().from_select(movements.columns.keys(), copied))
    )
    moved = movements.delete().where(movements.c.tenant == TENANT)
    shop.database.write(lambda c: c.execute(moved))
    shop.later(days=2)
    assert shop.open() == ["missing:bag:B1"]


# --- numbers that never came ---


def test_numbers_are_joined_in_any_order():
    assert joined([], [5, 1, 2, 9]) == [[1, 2], [5, 5], [9, 9]]
    assert joined([[1, 2], [5, 5]], [3, 4, 4]) == [[1, 5]]
    assert holes([[1, 2], [5, 5], [9, 9]]) == [[3, 4], [6, 8]]


def test_a_drop_number_that_never_came_is_a_case_until_it_comes(shop):
    set_tolerances(shop.database, TENANT, contained_hours=0)
    for number in (1, 2, 5):
        shop.dropped(f"B{number}", f"R{number}", number=number)
    shop.later(minutes=1)
    assert shop.open() == ["sequence_gap:device:K1"]
    assert shop.case("sequence_gap:device:K1").evidence["receipts"] == ["K1-000003", "K1-000004"]
    for number in (4, 3):
        shop.dropped(f"B{number}", f"R{number}", number=number)
        shop.later(minutes=1)
    assert shop.open() == []


# --- books ---


def _books(shop):
    with shop.database.reading() as c:
        return {(row.day, row.site): row.stages for row in c.execute(sa.select(books_kept)).all()}


def test_a_late_fact_opens_a_case_and_is_in_the_next_open_day(shop):
    shop.dropped("B1", "R1", units=2)
    shop.told(Kind.CONTAINED, bag_id="B1", container_id="C1", site="Main Street")
    shop.later(days=2)
    assert shop.close() == ("2026-05-04",)
    closed = _books(shop)
    assert closed["2026-05-04", "Main Street"]["dropped"] == {
        "facts": 1,
        "late": 0,
        "units": 2,
        "amounts": {"EUR": 2000},
    }
    shop.dropped("B2", "R2", at=MONDAY, number=2)
    shop.told(Kind.CONTAINED, bag_id="B2", container_id="C1")
    shop.later(minutes=20)
    assert shop.open() == ["late_upload:book:K1/2026-05-04"]
    shop.later(days=2)
    shop.close()
    after = _books(shop)
    assert after["2026-05-04", "Main Street"] == closed["2026-05-04", "Main Street"]
    assert after["2026-05-05", "Main Street"]["dropped"]["late"] == 1
    assert books.altered(shop.database, TENANT) == []


def test_a_day_closes_once_it_is_over_for_long_enough(shop):
    shop.dropped("B1")
    shop.now = MONDAY.replace(hour=22) + timedelta(days=1, minutes=9)  # midnight in Berlin, and ten
    assert shop.close() == ()
    shop.now += timedelta(minutes=1)
    assert shop.close() == ("2026-05-04",)
    assert shop.close() == ()


def test_whoever_changes_a_closed_book_or_its_facts_is_found_out(shop):
    for day in range(3):
        shop.dropped(f"B{day}", f"R{day}", at=MONDAY + timedelta(days=day))
    shop.now += timedelta(days=6)
    shop.close()
    assert books.altered(shop.database, TENANT) == []
    nicer = books_kept.update().where(books_kept.c.day == "2026-05-05").values(stages={})
    shop.database.write(lambda c: c.execute(nicer))
    assert books.altered(shop.database, TENANT) == [
        ("2026-05-05", "Main Street", "the book was changed")
    ]
    gone = books_kept.delete().where(books_kept.c.day == "2026-05-05")
    shop.database.write(lambda c: c.execute(gone))
    assert [why for _, _, why in books.altered(shop.database, TENANT)] == [
        "the book is gone",
        "a book before it was changed or taken out",
    ]


# --- the same by command ---


def _command(shop, *arguments):
    url = str(shop.database.engine.url)
    made = ["central", *arguments, "--tenant", TENANT, "--database", url]
    return CliRunner().invoke(app, made)


def test_tolerances_are_shown_and_changed_by_command(shop):
    assert _command(shop, "tolerances").output.split()[:2] == ["contained_hours", "24"]
    assert _command(shop, "tolerances", "contained_hours=48").output.split()[1] == "48"
    assert tolerances_of(shop.database, TENANT).contained_hours == 48
    for wrong in ("contained=1", "amount", "amount=-1"):
        assert _command(shop, "tolerances", wrong).exit_code == 2


def test_the_matching_and_the_books_by_command(shop):
    shop.dropped("B1")
    told = _command(shop, "reconcile")
    assert told.output.startswith("looked at 1 drops and 0 movements\n"), told.output
    assert _command(shop, "reconcile", "--since", "yesterday").exit_code == 2
    shop.now += timedelta(days=3)
    shop.close()
    shown = _command(shop, "books", "--check")
    assert (shown.exit_code, "1000 EUR" in shown.output) == (0, True), shown.output
    nicer = books_kept.update().values(stages={})
    shop.database.write(lambda c: c.execute(nicer))
    assert _command(shop, "books", "--check").exit_code == 1
