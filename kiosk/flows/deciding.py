"""The items, the questions and the refusal: what is brought and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from kiosk.domain.policy.model import (
    REFUND_METHOD,
    AnswerKind,
    Ask,
    Instead,
    Outcome,
    Question,
    Verdict,
)
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.visit import AbandonCause, CommittedDrop, Item, OpenDrop, Rejected
from kiosk.flows.model import (
    Answered,
    Asking,
    Bagging,
    Cue,
    Do,
    FlowEvent,
    Items,
    LineToggled,
    Photographing,
    Press,
    Pressed,
    Receipt,
    Refused,
    Session,
    Timing,
    TypeSerial,
)
from kiosk.flows.turns import (
    another,
    call_staff,
    leave,
    name_of,
    problem_of,
    show,
    turn_down,
)
from kiosk.ports import Scanned

_NOT_TAKEN = (Outcome.REFUSE, Outcome.STAFF)


def step(session: Session, event: FlowEvent, do: Do, timing: Timing) -> Session:
    """Items, Asking and Refused."""
    match session.screen, event:
        case Items(drop=drop), LineToggled(line_id=line_id):
            return _toggle(session, drop, line_id, do, timing)
        case Items(drop=drop), Pressed(Press.ALL_HERE):
            return all_here(session, drop, do, timing)
        case Items(drop=drop), Scanned():
            return _scanned(session, drop, event, do, timing)
        case Items(), Pressed(Press.BACK):
            return another(session, do, timing)
        case Asking(), Answered(answer=answer):
            return _answered(session, session.screen, answer, do, timing)
        case Asking(drop=drop), Pressed(Press.BACK):
            return show(session, Items(drop), do, timing)
        case Refused(), Pressed(Press.BACK | Press.ANOTHER):
            return another(session, do, timing)
        case Refused(), Pressed(Press.CANCEL | Press.FINISH):
            return leave(session, do, timing, AbandonCause.CANCELLED)
        case ((Items() | Asking()), Pressed(Press.CANCEL)):
            return leave(session, do, timing, AbandonCause.CANCELLED)
        case _:
            return session


def welcome(session: Session, drop: OpenDrop, do: Do, timing: Timing) -> Session:
    """The first screen of a return that was found: its items, or why none can be taken."""
    if any(takeable(item) for item in _here(drop)):
        return show(session, Items(drop), do, timing)
    return _nothing_takeable(session, drop, do, timing)


def _nothing_takeable(session: Session, drop: OpenDrop, do: Do, timing: Timing) -> Session:
    """Record at once that nothing is taken: whatever ends this screen, it is only said once."""
    do.refuse(drop)
    verdicts = [i.decision for i in _here(drop) if isinstance(i.decision, Verdict)]
    if verdicts and all(_for_staff(v) for v in verdicts):
        refused = replace(session, screen=Refused(drop))
        return call_staff(refused, verdicts[0].reason, do, timing, drop=drop)
    do.cue(Cue.ATTENTION)
    return show(session, Refused(drop), do, timing)


def _for_staff(verdict: Verdict) -> bool:
    """Whether a person at this site is to decide. Where none is there, the screen says what else
    can be done and promises nobody."""
    there = not verdict.instead or Instead.STAFF in verdict.instead
    return verdict.outcome is Outcome.STAFF and there


def remaining(item: Item) -> int:
    """Units of this line that may still be dropped off."""
    return max(0, item.line.quantity - item.already_dropped)


def takeable(item: Item) -> bool:
    """Whether the item can go on: taken, kept by agreement, or still to be asked about."""
    decision = item.decision
    return isinstance(decision, Ask) or decision.outcome not in _NOT_TAKEN


def _here(drop: OpenDrop) -> tuple[Item, ...]:
    return tuple(item for item in drop.items if remaining(item) > 0)


def _toggle(session: Session, drop: OpenDrop, line_id: str, do: Do, timing: Timing) -> Session:
    """Brought or not brought; what cannot be taken stays as it is."""
    item = next((i for i in _here(drop) if i.line.line_id == line_id), None)
    if item is None or not takeable(item):
        return session
    flipped = replace(item, brought=0 if item.present else remaining(item))
    # `welcome`, for a newer bundle may judge every line anew, down to taking none of them.
    return welcome(session, do.reconsider(drop, flipped), do, timing)


def all_here(session: Session, drop: OpenDrop, do: Do, timing: Timing) -> Session:
    """On to the open question, the bag, or the promise where nothing needs a bag."""
    if not _anything_brought(drop):
        nothing = replace(session, screen=Items(drop))
        return turn_down(nothing, Reason(Why.NOTHING_BROUGHT), do, timing)
    asking = drop.asking()
    if asking is not None:
        item, question = asking[0], asking[1].question
        return show(session, _question(drop, item, question, do, timing), do, timing)
    if drop.needs_bag:
        do.get_ready(drop)
        return show(session, Bagging(drop), do, timing)
    return commit(session, drop, None, do, timing)


def _question(
    drop: OpenDrop, item: Item, question: Question, do: Do, timing: Timing
) -> Asking | TypeSerial | Photographing:
    match question.kind:
        case AnswerKind.SERIAL:
            return TypeSerial(drop, item, question)
        case AnswerKind.PHOTO:
            return Photographing(drop, item, question, timing.photo_days)
        case AnswerKind.CHOICE:
            priced = question.question_id == REFUND_METHOD
            return Asking(drop, item, question, do.offers(drop, item, question) if priced else ())
        case _:
            assert_never(question.kind)


def _anything_brought(drop: OpenDrop) -> bool:
    return any(item.present and takeable(item) for item in drop.items)


def _scanned(session: Session, drop: OpenDrop, scan: Scanned, do: Do, timing: Timing) -> Session:
    """The fast path: the bag's code says "all here" as well. With a question open it leads to
    the question; where nothing needs a bag, it changes nothing."""
    if old_news(session, scan):
        return session
    if drop.asking() is not None or not _anything_brought(drop):
        return all_here(session, drop, do, timing)
    if not drop.needs_bag:
        return session
    return commit(session, drop, scan, do, timing)


def old_news(session: Session, scan: Scanned) -> bool:
    """The code that led here, still in view, or the one whose problem still shows."""
    shown = name_of(scan) == session.turned_down and problem_of(session.screen) is not None
    return shown or name_of(scan) == session.taken


def _answered(session: Session, asked: Asking, answer: str, do: Do, timing: Timing) -> Session:
    question = asked.question
    if answer not in question.answers:
        return session
    return settle(session, asked.drop, asked.item, question, answer, do, timing)


def settle(
    session: Session,
    asked: OpenDrop,
    item: Item,
    question: Question,
    answer: str,
    do: Do,
    timing: Timing,
) -> Session:
    """The next question, or on. What the answer turned into something else than a plain yes is
    shown first: a fee or a refusal is read before anything is agreed. One answer can move every
    line of the return."""
    answers = {**item.answers, question.question_id: answer}
    drop = do.reconsider(asked, replace(item, answers=answers))
    return go_on(session, asked, drop, do, timing)


def go_on(session: Session, asked: OpenDrop, drop: OpenDrop, do: Do, timing: Timing) -> Session:
    """From the screen of a question: `asked` is the return as it was then, `drop` as it is now."""
    if drop.asking() is not None:
        return all_here(session, drop, do, timing)
    if not any(takeable(item) for item in _here(drop)):
        return _nothing_takeable(session, drop, do, timing)
    moved = _moved(asked, drop)
    if any(line in moved and _surprising(verdict) for line, verdict in _by_line(drop)):
        return show(session, Items(drop), do, timing)
    return all_here(session, drop, do, timing)


def _by_line(drop: OpenDrop) -> tuple[tuple[str, Verdict], ...]:
    return tuple((item.line.line_id, verdict) for item, verdict in drop.verdicts())


def _moved(before: OpenDrop, after: OpenDrop) -> frozenset[str]:
    """The lines that read otherwise than they did on the items' screen: those answered for, and
    those whose outcome or money the answer changed."""
    old = {line: (v.outcome, v.refund, v.fee) for line, v in _by_line(before)}
    answered = {item.line.line_id for item in after.items if item.answers}
    changed = {line for line, v in _by_line(after) if old.get(line) != (v.outcome, v.refund, v.fee)}
    return frozenset(answered | changed)


def _surprising(verdict: Verdict) -> bool:
    return verdict.outcome is not Outcome.ACCEPT


def commit(
    session: Session, drop: OpenDrop, bag: Scanned | str | None, do: Do, timing: Timing
) -> Session:
    """The promise, and the receipt on its way; or the same screen with what is wrong."""
    scan = name_of(bag) if isinstance(bag, Scanned) else ""
    match do.commit(drop, bag):
        case CommittedDrop() as committed:
            do.cue(Cue.ACCEPTED)
            do.print_receipt(committed, session.comfort.language)
            kept = replace(session, drops=(*session.drops, committed), taken=scan)
            return show(kept, Receipt(committed, since=do.now()), do, timing)
        case Rejected(reason=Reason(why=Why.STORE_FAILED) as reason):
            return call_staff(session, reason, do, timing, resume=session.screen)
        case Rejected(reason=reason):
            return turn_down(session, reason, do, timing, scan=scan)
