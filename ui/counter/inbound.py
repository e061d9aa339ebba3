"""Parcels that come in, lie, and are looked for."""

from __future__ import annotations

from typing import assert_never

from kiosk.domain.counter.commands import RefusalCause
from kiosk.domain.counter.parcels import Parcel, ParcelState
from kiosk.domain.counter.walking import Errand
from kiosk.flows.counter.jobs import INBOUND
from kiosk.flows.counter.model import Key, Session
from kiosk.flows.counter.states.inbound import (
    LookingFor,
    ParcelInHand,
    Pulling,
    Received,
    Receiving,
    ShelfInHand,
    ToShelve,
    WhoseLabel,
)
from kiosk.words import Words
from kiosk.words.voice import Voice
from ui.counter import actions, inbound_parcel
from ui.counter.frame import Drawn, Props, carrier_of, choice, fill, key, number_of, paged

LATEST = 2
"""Parcels of a delivery that stay on the screen, to look back at, beside the last one. None where
that one needs a look itself."""


def drawn(session: Session, screen: INBOUND, words: Words) -> Drawn:
    """The screen's name and its own properties."""
    match screen:
        case Receiving():
            return "Delivery", _receiving(session, screen, words)
        case Received():
            return "Counts", _received(screen, words)
        case WhoseLabel():
            return "Reason", _whose(screen, words)
        case ParcelInHand():
            return "Place", inbound_parcel.in_hand(session, screen, words)
        case LookingFor():
            return "Place", inbound_parcel.looking(session, screen, words)
        case ShelfInHand():
            return "Place", _shelf(session, screen, words)
        case ToShelve():
            return "ToSettle", _to_shelve(session, screen, words)
        case Pulling():
            return "Place", _pulling(session, screen, words)
        case _:
            assert_never(screen)


# --- a delivery ----------------------------------------------------------------------------------


def _receiving(session: Session, screen: Receiving, w: Voice) -> Props:
    refused = dict(screen.refused)
    begun = screen.last != ""
    back = refused.get(screen.last)
    before = [errand for errand in screen.taken if errand.parcel.number != screen.last]
    most = 0 if back or not screen.suggested else 1 if session.comfort.large_text else LATEST
    return {
        "title": _title(screen, w),
        "subtitle": _next_scan(screen, w),
        "begun": begun,
        "label": w.t("Give it back to the driver") if back else w.t("Put it on"),
        "place": _cause(back, w) if back else screen.suggested or w.t("Desk"),
        "tone": "caution" if back or not screen.suggested else "accent",
        "number": number_of(screen.last),
        "rows": [_taken(errand) for errand in before[: -most - 1 : -1]],
        "figures": _figures(screen, w),
        "meter": fill(screen.fill, w) | {"label": w.t("On the shelves")},
        "keys": [
            key(w.t("Finish"), Key.DONE, "check", main=begun),
            _cause_key(Key.FULL, RefusalCause.FULL, "shelf", screen, w),
            _cause_key(Key.MISROUTED, RefusalCause.MISROUTED, "truck", screen, w),
            _cause_key(Key.DAMAGED, RefusalCause.DAMAGED, "warning", screen, w),
        ],
    }


def _title(screen: Receiving, w: Voice) -> str:
    if not screen.carrier:
        return w.t("Delivery")
    return w.t("Delivery from {carrier}", carrier=carrier_of(screen.carrier))


def _next_scan(screen: Receiving, w: Voice) -> str:
    match screen.cause:
        case None:
            return w.t("Scan one parcel after the other.")
        case RefusalCause.DAMAGED:
            return w.t("Now scan the damaged parcel.")
        case RefusalCause.MISROUTED:
            return w.t("Now scan the parcel that belongs elsewhere.")
        case RefusalCause.FULL:
            return w.t("Scan what goes back. Touch the key again to end.")
        case _:
            assert_never(screen.cause)


def _cause(cause: RefusalCause, w: Voice) -> str:
    match cause:
        case RefusalCause.DAMAGED:
            return w.t("Damaged")
        case RefusalCause.MISROUTED:
            return w.t("Not for us")
        case RefusalCause.FULL:
            return w.t("No room")
        case _:
            assert_never(cause)


def _cause_key(press: Key, cause: RefusalCause, icon: str, screen: Receiving, w: Voice) -> Props:
    return key(_cause(cause, w), press, icon, on=screen.cause is cause)


def _taken(errand: Errand) -> Props:
    return _row(errand.parcel, "", errand.shelf_id)


def _figures(screen: Receiving, w: Voice) -> list[Props]:
    told = screen.round.brings if screen.round else None
    figures = [(len(screen.taken), w.t("Taken")), (len(screen.refused), w.t("Given back"))]
    if told is not None:
        figures.append((told, w.t("The driver says")))
    figures.append((screen.announced, w.t("Still to come")))
    return [{"count": count, "label": label} for count, label in figures]


def _received(screen: Received, w: Voice) -> Props:
    job, told = screen.job, screen.job.round.brings if screen.job.round else None
    counted = len(job.taken) + len(job.refused)
    differs = told is not None and told != counted
    sentence = ""
    if told is not None:
        sentence = _compared(told - counted, w)
    waits = key(w.t("Hand over what waits"), Key.DONE, "truck", main=True)
    return {
        "title": _title(job, w),
        "subtitle": w.t("The driver may scan this code."),
        "figures": _figures(job, w),
        "sentence": sentence,
        "tone": "caution" if differs else "positive",
        "code": screen.qr,
        "codeLabel": w.t("The counts of this delivery, for the driver"),
        "keys": [waits if screen.waits else key(w.t("Done"), Key.DONE, "check", main=True)],
    }


def _compared(lacking: int, w: Voice) -> str:
    """The driver's count against ours, plainly: which way, and by how many."""
    if lacking > 0:
        return w.t("Fewer than the driver says: {count}. Look in the van.", count=lacking)
    if lacking < 0:
        return w.t("More than the driver says: {count}. Tell the driver.", count=-lacking)
    return w.t("Both counts agree.")


def _whose(screen: WhoseLabel, w: Voice) -> Props:
    carriers = dict.fromkeys(reading.carrier for reading in screen.readings)
    return {
        "title": w.t("Whose parcel is this?"),
        "subtitle": number_of(screen.readings[0].number),
        "choices": [choice(carrier_of(one), one) for one in carriers if one],
    }


# --- lists -----------------------------------------------------------------------------------


def _shelf(session: Session, screen: ShelfInHand, w: Voice) -> Props:
    rows = [_line(one, "") for one in screen.parcels]
    returns = screen.shelf.returns
    here = w.t("Scan what goes back to put it here.")
    return {
        "title": here if returns else w.t("Scan parcels to put them here."),
        "subtitle": "" if rows else w.t("Nothing lies here yet."),
        "label": w.t("Shelf for returns") if returns else w.t("Shelf"),
        "place": screen.shelf.shelf_id,
        "tone": "accent",
        "meter": fill(screen.fill, w),
        **paged(rows, screen.page, session, w),
    }


def _to_shelve(session: Session, screen: ToShelve, w: Voice) -> Props:
    rows = [_errand(errand, w) for errand in screen.errands]
    return {
        "title": w.t("To put on a shelf: {count}", count=screen.count),
        "subtitle": "" if rows else w.t("Everything lies on a shelf."),
        **paged(rows, screen.page, session, w),
    }


def _errand(errand: Errand, w: Voice) -> Props:
    lacks = "" if errand.shelf_id else w.t("No shelf has room for it.")
    told = _row(errand.parcel, lacks, errand.shelf_id)
    if lacks:
        told |= {"tone": "caution"}
    return told | {"action": actions.CHOOSE, "value": errand.parcel.number}


def _pulling(session: Session, screen: Pulling, w: Voice) -> Props:
    rows = [
        _line(one, one.shelf_id or w.t("Desk")) | {"carrier": "", "icon": ""}
        for one in screen.parcels
    ]
    return {
        "title": _pull_next(screen, w),
        "label": w.t("Put them on"),
        "place": screen.shelf or w.t("No shelf"),
        "tone": "accent" if screen.shelf else "caution",
        "figures": [
            {"count": screen.pulled, "label": w.t("Pulled")},
            {"count": screen.count, "label": w.t("Still to pull")},
        ],
        "keys": [
            key(w.t("Stay longer"), Key.EXTEND, "clock", on=screen.extending),
        ],
        **paged(rows, screen.page, session, w),
    }


def _pull_next(screen: Pulling, w: Voice) -> str:
    if screen.extending:
        return w.t("Scan what stays longer")
    if not screen.parcels:
        return w.t("Nothing is left to pull.")
    return w.t("To go back")


def _row(parcel: Parcel, text: str, place: str) -> Props:
    return {
        "number": number_of(parcel.number),
        "carrier": carrier_of(parcel.carrier),
        "text": text,
        "place": place,
        "icon": "",
        "tone": "",
        "action": "",
        "value": "",
    }


def _line(parcel: Parcel, place: str) -> Props:
    """One that can be chosen. What should not lie there any more has a sign."""
    over = parcel.state is ParcelState.EXPIRED
    told = _row(parcel, "", place) | {"action": actions.CHOOSE, "value": parcel.number}
    return told | {"icon": "clock", "tone": "caution"} if over else told
