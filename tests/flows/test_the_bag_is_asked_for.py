"""While the shopper looks for a bag, what the promise need not wait for is done."""

from __future__ import annotations

from kiosk.flows.model import Answered, Asking, Bagging, Items, Press, Receipt


def test_when_the_bag_is_asked_for_that_very_drop_is_made_ready(walk) -> None:
    walk.scan("R1")
    assert isinstance(walk.screen, Items)
    assert walk.do.named("get_ready") == [], "the verdict is on the screen first"
    walk.press(Press.ALL_HERE)
    assert isinstance(walk.screen, Bagging)
    [(drop,)] = walk.do.named("get_ready")
    assert drop is walk.screen.drop


def test_after_a_question_it_is_the_drop_that_the_answer_made(walk) -> None:
    walk.knows("R2", "ask").scan("R2").press(Press.ALL_HERE)
    assert isinstance(walk.screen, Asking)
    assert walk.do.named("get_ready") == []
    walk.on(Answered("unused"))
    [(drop,)] = walk.do.named("get_ready")
    assert drop is walk.screen.drop


def test_whoever_holds_up_a_bag_at_once_is_promised_all_the_same(walk) -> None:
    walk.scan("R1").scan("BAG1")
    assert isinstance(walk.screen, Receipt)
    assert walk.do.fate == {"drop-2": "committed"}
