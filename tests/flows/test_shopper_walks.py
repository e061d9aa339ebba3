"""The shopper's manual, as step lists."""

from __future__ import annotations

from kiosk.domain.reasons import Reason, Why
from kiosk.domain.visit import AbandonCause
from kiosk.flows.model import (
    Answered,
    Asking,
    Attract,
    Bagging,
    Cue,
    Done,
    Field,
    FieldChosen,
    Items,
    LineToggled,
    NoCode,
    OutOfService,
    Press,
    Receipt,
    ReceiptDone,
    Refused,
    ScanFor,
    StaffCalled,
    Starting,
    TypeOrder,
    TypeShortCode,
)
from kiosk.ports import DeviceFault, NotPrinted, Printed, Trouble, Unconfirmed


def test_scan_all_here_bag_receipt(walk):
    walk.scan("R1")
    assert isinstance(walk.screen, Items)
    walk.press(Press.ALL_HERE)
    assert isinstance(walk.screen, Bagging)
    walk.scan("BAG1")
    assert isinstance(walk.screen, Receipt)
    assert walk.screen.outcome is None
    assert walk.do.named("print") == [("drop-2", "en")]
    assert walk.session.drops == (walk.screen.drop,)


def test_each_screen_tells_the_scanners_what_it_can_use(walk):
    walk.scan("R1").press(Press.ALL_HERE).scan("BAG1")
    assert walk.do.named("expect") == [
        (ScanFor.RETURN,),
        (ScanFor.BAG,),
        (ScanFor.BAG,),
        (ScanFor.NOTHING,),
    ]


def test_the_way_is_heard_as_well(walk):
    walk.scan("R1").press(Press.ALL_HERE).scan("BAG1")
    walk.on(ReceiptDone(walk.screen.drop.drop_id, Printed()))
    assert walk.do.named("cue") == [(Cue.SCANNED,), (Cue.ACCEPTED,), (Cue.DONE,)]


def test_the_bag_scanned_on_the_items_says_all_here(walk):
    walk.scan("R1").scan("BAG1")
    assert isinstance(walk.screen, Receipt)


def test_the_return_code_still_in_view_is_no_news(walk):
    walk.scan("R1").scan("R1")
    assert walk.screen.problem is None
    walk.press(Press.ALL_HERE).scan("R1")
    assert isinstance(walk.screen, Bagging)
    assert walk.screen.problem is None


def test_another_returns_code_on_the_items_loses_nothing(walk):
    walk.knows("R2", "accept").scan("R1").scan("R2")
    assert isinstance(walk.screen, Items)
    assert walk.screen.problem == Reason(Why.CODE_NOT_A_BAG)
    assert walk.do.fate == {}


def test_a_used_bag_is_turned_down_and_the_next_one_taken(walk):
    walk.do.used_bags.add("BAG1")
    walk.scan("R1").press(Press.ALL_HERE).scan("BAG1")
    assert walk.screen.problem == Reason(Why.BAG_IN_USE)
    walk.scan("BAG2")
    assert isinstance(walk.screen, Receipt)


def test_a_second_scan_of_a_dropped_return_says_so(walk):
    walk.scan("R1").scan("BAG1").press(Press.ANOTHER).scan("R1")
    assert walk.screen == Attract(problem=Reason(Why.RETURN_ALREADY_DROPPED))


def test_an_item_not_brought_is_tapped_away_and_back(walk):
    walk.knows("R2", "accept", "accept").scan("R2")
    walk.on(LineToggled("line-1"))
    assert [i.brought for i in walk.screen.drop.items] == [1, 0]
    walk.on(LineToggled("line-1"))
    assert [i.brought for i in walk.screen.drop.items] == [1, 1]


def test_a_refused_item_cannot_be_tapped(walk):
    walk.knows("R2", "accept", "refuse", "staff").scan("R2")
    before = walk.session
    for line in ("line-1", "line-2", "no such line"):
        assert walk.on(LineToggled(line)).session is before


def test_nothing_brought_is_said_and_loses_nothing(walk):
    walk.scan("R1").on(LineToggled("line-0")).press(Press.ALL_HERE)
    assert isinstance(walk.screen, Items)
    assert walk.screen.problem == Reason(Why.NOTHING_BROUGHT)
    walk.scan("BAG1")
    assert walk.screen.problem == Reason(Why.NOTHING_BROUGHT)
    walk.on(LineToggled("line-0")).scan("BAG1")
    assert isinstance(walk.screen, Receipt)


def test_a_question_is_asked_after_all_here(walk):
    walk.knows("R2", "ask").scan("R2").press(Press.ALL_HERE)
    assert isinstance(walk.screen, Asking)
    walk.on(Answered("unused"))
    assert isinstance(walk.screen, Bagging)


def test_a_bag_scanned_before_the_question_leads_to_the_question(walk):
    walk.knows("R2", "ask").scan("R2").scan("BAG1")
    assert isinstance(walk.screen, Asking)
    assert walk.do.fate == {}


def test_every_open_item_is_asked_about(walk):
    walk.knows("R2", "ask", "ask").scan("R2").press(Press.ALL_HERE)
    first = walk.screen.item.line.line_id
    walk.on(Answered("unused"))
    assert (first, walk.screen.item.line.line_id) == ("line-0", "line-1")
    walk.on(Answered("unused"))
    assert isinstance(walk.screen, Bagging)


def test_an_answer_that_costs_a_fee_shows_it_before_anything_is_agreed(walk):
    walk.knows("R2", "ask").scan("R2").press(Press.ALL_HERE).on(Answered("used"))
    assert isinstance(walk.screen, Items)
    walk.press(Press.ALL_HERE)
    assert isinstance(walk.screen, Bagging)


def test_an_answer_that_refuses_one_item_shows_it(walk):
    walk.knows("R2", "accept", "ask").scan("R2").press(Press.ALL_HERE).on(Answered("damaged"))
    assert isinstance(walk.screen, Items)
    walk.press(Press.ALL_HERE)
    assert isinstance(walk.screen, Bagging)


def test_an_answer_that_refuses_the_last_item_ends_in_the_refusal(walk):
    walk.knows("R2", "ask").scan("R2").press(Press.ALL_HERE).on(Answered("damaged"))
    assert isinstance(walk.screen, Refused)
    assert walk.do.fate == {"drop-2": "refused"}


def test_an_answer_nobody_offered_is_ignored(walk):
    walk.knows("R2", "ask").scan("R2").press(Press.ALL_HERE)
    before = walk.session
    assert walk.on(Answered("eaten")).session is before


def test_back_leads_from_the_question_and_the_bag_to_the_items(walk):
    walk.knows("R2", "ask").scan("R2").press(Press.ALL_HERE, Press.BACK)
    assert isinstance(walk.screen, Items)
    walk.press(Press.ALL_HERE).on(Answered("unused")).press(Press.BACK)
    assert isinstance(walk.screen, Items)


def test_what_may_be_kept_needs_no_bag(walk):
    walk.knows("R2", "returnless").scan("R2").press(Press.ALL_HERE)
    assert isinstance(walk.screen, Receipt)
    assert walk.screen.drop.bag_id == ""


def test_a_bag_held_up_where_none_is_needed_changes_nothing(walk):
    walk.knows("R2", "returnless").scan("R2")
    before = walk.session
    assert walk.scan("BAG1").session is before
    assert walk.do.fate == {}


def test_a_return_that_cannot_be_taken_is_refused_and_recorded_once(walk):
    walk.knows("R2", "refuse", "staff").scan("R2")
    assert isinstance(walk.screen, Refused)
    walk.press(Press.CANCEL)
    assert walk.screen == Attract()
    assert walk.do.fate == {"drop-2": "refused"}


def test_a_return_for_staff_only_calls_them_once_with_the_verdicts_reason(walk):
    walk.knows("R2", "staff", "staff").scan("R2").press(Press.CALL_STAFF, Press.CALL_STAFF)
    assert walk.screen == StaffCalled(Reason(Why.HAZARDOUS), walk.screen.drop)
    assert walk.do.named("call_staff") == [(Why.HAZARDOUS, "drop-2")]
    walk.press(Press.FINISH)
    assert walk.do.fate == {"drop-2": "refused"}


def test_help_on_the_way_leads_back_to_the_same_place(walk):
    walk.scan("R1").press(Press.ALL_HERE)
    bagging = walk.screen
    walk.press(Press.CALL_STAFF)
    assert walk.screen == StaffCalled(Reason(Why.HELP_WANTED), None, bagging)
    assert walk.do.named("call_staff") == [(Why.HELP_WANTED, "drop-2")]
    walk.press(Press.BACK).scan("BAG1")
    assert isinstance(walk.screen, Receipt)


def test_help_given_up_abandons_the_drop(walk):
    walk.scan("R1").press(Press.CALL_STAFF, Press.CANCEL)
    assert walk.do.named("abandon") == [("drop-2", AbandonCause.CANCELLED)]


def test_a_store_that_fails_at_the_bag_calls_staff_and_can_be_tried_again(walk):
    walk.do.broken_store = True
    walk.scan("R1").press(Press.ALL_HERE).scan("BAG1")
    assert isinstance(walk.screen, StaffCalled)
    assert walk.screen.reason == Reason(Why.STORE_FAILED)
    walk.do.broken_store = False
    walk.press(Press.BACK).scan("BAG1")
    assert isinstance(walk.screen, Receipt)


def test_the_receipt_shows_how_the_paper_did(walk):
    for outcome in (Printed(), Unconfirmed(), NotPrinted(DeviceFault.PAPER_OUT)):
        walk.knows("R" + str(outcome), "returnless").scan("R" + str(outcome))
        walk.press(Press.ALL_HERE)
        drop = walk.screen.drop
        walk.on(ReceiptDone("another drop", outcome))
        assert walk.screen.outcome is None
        walk.on(ReceiptDone(drop.drop_id, outcome))
        assert walk.screen.outcome == outcome
        assert walk.do.fate[drop.drop_id] == "committed"
        walk.press(Press.ANOTHER)


def test_the_paper_that_comes_while_help_is_on_the_screen_is_not_lost(walk):
    walk.scan("R1").scan("BAG1").press(Press.CALL_STAFF)
    walk.on(ReceiptDone("drop-2", Printed())).press(Press.BACK)
    assert walk.screen.outcome == Printed()


def test_done_then_another_keeps_visit_and_comfort(walk):
    walk.press(Press.LARGE_TEXT).scan("R1").scan("BAG1").press(Press.FINISH)
    assert walk.screen == Done()
    visit = walk.session.visit_id
    walk.press(Press.ANOTHER)
    assert walk.screen == Attract()
    assert walk.session.visit_id == visit
    assert walk.session.comfort.large_text
    assert len(walk.session.drops) == 1


def test_the_next_code_can_be_scanned_on_the_last_screen(walk):
    walk.knows("R2", "accept").scan("R1").scan("BAG1").press(Press.FINISH).scan("BAG1")
    assert walk.screen == Done()  # the bag just used, still in view
    walk.scan("R2")
    assert isinstance(walk.screen, Items)


def test_finish_wipes_at_once(walk):
    walk.scan("R1").scan("BAG1").press(Press.FINISH, Press.FINISH)
    assert walk.screen == Attract()
    assert (walk.session.visit_id, walk.session.drops, walk.session.taken) == ("", (), "")


def test_cancel_abandons_and_wipes(walk):
    walk.scan("R1").press(Press.CANCEL)
    assert walk.screen == Attract()
    assert walk.do.named("abandon") == [("drop-2", AbandonCause.CANCELLED)]


def test_back_from_the_items_gives_up_this_return_only(walk):
    walk.scan("R1").press(Press.BACK)
    assert walk.screen == Attract()
    assert walk.session.visit_id
    assert walk.do.fate == {"drop-2": "abandoned"}


def test_a_bad_code_starts_no_visit(walk):
    walk.scan("nonsense")
    assert walk.screen == Attract(problem=Reason(Why.RETURN_UNKNOWN))
    assert walk.session.visit_id == ""
    assert walk.session.deadline is None


def test_a_bad_code_held_still_is_looked_up_once_while_its_problem_shows(walk):
    walk.scan("nonsense").scan("nonsense").scan("nonsense")
    assert len(walk.do.named("check")) == 1
    walk.wait(8).scan("nonsense")
    assert len(walk.do.named("check")) == 2


def test_a_short_code_is_typed(walk):
    walk.knows("ABCD1234", "accept").press(Press.NO_CODE)
    assert walk.screen == NoCode()
    walk.press(Press.SHORT_CODE).types("abcd-1299").press(Press.ERASE, Press.ERASE).types("345")
    assert walk.screen == TypeShortCode("ABCD1234")
    walk.press(Press.SUBMIT)
    assert isinstance(walk.screen, Items)


def test_a_wrong_short_code_stays_to_be_mended(walk):
    walk.press(Press.NO_CODE, Press.SHORT_CODE).types("ABC").press(Press.SUBMIT)
    assert walk.screen == TypeShortCode("ABC", Reason(Why.RETURN_UNKNOWN))
    walk.types("D")
    assert walk.screen == TypeShortCode("ABCD")


def test_nothing_typed_is_nothing_to_look_up(walk):
    walk.press(Press.NO_CODE, Press.SHORT_CODE)
    before = walk.session
    assert walk.press(Press.SUBMIT).session is before


def test_an_order_is_typed_in_two_steps(walk):
    walk.knows("A-17/10115", "accept").press(Press.NO_CODE, Press.ORDER_NUMBER)
    walk.types("a-17€").press(Press.SUBMIT)
    assert walk.screen == TypeOrder("A-17", "", Field.POSTAL_CODE)
    walk.types("10115").press(Press.SUBMIT)
    assert isinstance(walk.screen, Items)


def test_the_fields_of_an_order_can_be_chosen_and_left(walk):
    walk.press(Press.NO_CODE, Press.ORDER_NUMBER).on(FieldChosen(Field.POSTAL_CODE))
    walk.types("10").press(Press.ERASE, Press.SUBMIT)
    assert walk.screen == TypeOrder("", "1", Field.ORDER_NUMBER)
    walk.on(FieldChosen(Field.SHORT_CODE))
    assert walk.screen.field is Field.ORDER_NUMBER
    walk.on(FieldChosen(Field.POSTAL_CODE)).press(Press.BACK)
    assert walk.screen.field is Field.ORDER_NUMBER
    walk.press(Press.BACK, Press.BACK)
    assert walk.screen == Attract()


def test_a_field_takes_no_more_than_fits(walk):
    walk.press(Press.NO_CODE, Press.SHORT_CODE).types("0123456789")
    assert walk.screen.text == "01234567"
    walk.press(Press.BACK, Press.ORDER_NUMBER).types("9" * 50).on(FieldChosen(Field.POSTAL_CODE))
    walk.types("1" * 50)
    assert (len(walk.screen.order_number), len(walk.screen.postal_code)) == (32, 12)


def test_a_code_can_be_scanned_instead_of_typed(walk):
    walk.press(Press.NO_CODE, Press.SHORT_CODE).types("ABC").scan("junk")
    assert walk.screen == TypeShortCode("ABC", Reason(Why.RETURN_UNKNOWN))
    walk.scan("R1")
    assert isinstance(walk.screen, Items)


def test_a_double_tap_promises_once(walk):
    walk.knows("R2", "returnless").scan("R2").press(Press.ALL_HERE, Press.ALL_HERE)
    assert isinstance(walk.screen, Receipt)
    assert len(walk.do.named("committed")) == 1
    assert len(walk.do.named("print")) == 1


def test_the_kiosk_wakes_out_of_service_and_comes_back(new_walk):
    walk = new_walk().service(Trouble.POLICY_MISSING)
    assert walk.screen == Starting()
    assert walk.ready().screen == OutOfService(Trouble.POLICY_MISSING)
    walk.service(Trouble.POLICY_MISSING, Trouble.REVOKED)
    assert walk.screen == OutOfService(Trouble.REVOKED)
    assert walk.service(Trouble.OFFLINE).screen == Attract()


def test_a_running_visit_finishes_before_the_kiosk_closes(walk):
    walk.scan("R1").service(Trouble.POLICY_EXPIRED).press(Press.ALL_HERE).scan("BAG1")
    assert isinstance(walk.screen, Receipt)
    walk.press(Press.ANOTHER)
    assert walk.screen == OutOfService(Trouble.POLICY_EXPIRED)


def test_without_a_scanner_a_code_can_still_be_typed(walk):
    walk.service(Trouble.SCANNER_ABSENT).press(Press.NO_CODE, Press.SHORT_CODE)
    assert walk.screen == TypeShortCode()


def test_out_of_service_staff_can_be_called(walk):
    walk.service(Trouble.STORE_FAILED).press(Press.CALL_STAFF)
    assert isinstance(walk.screen, StaffCalled)
    assert walk.session.visit_id
    walk.press(Press.BACK)
    assert walk.screen == OutOfService(Trouble.STORE_FAILED)
    assert walk.session.visit_id == ""
