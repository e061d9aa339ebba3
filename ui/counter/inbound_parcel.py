"""One parcel on the screen: where it lies or goes, what is known of it, where to look for it."""

from __future__ import annotations

from datetime import datetime

from kiosk.domain.counter.facts import Kind
from kiosk.domain.counter.parcels import COLLECTABLE, Parcel, ParcelState
from kiosk.flows.counter.model import Key, Session
from kiosk.flows.counter.states.inbound import LookingFor, ParcelInHand, Past
from kiosk.words import Words
from kiosk.words.counter import things
from kiosk.words.voice import Voice
from ui.counter.frame import Props, carrier_of, key, number_of, paged

S = ParcelState
WAITS = (S.RECEIVED, S.SHELVED)
LEFT = (S.COLLECTED, S.RETURNED_TO_SENDER)


def in_hand(session: Session, screen: ParcelInHand, w: Words) -> Props:
    number = number_of(screen.parcel.number)
    if screen.open_story:
        rows = [_past(past, w) for past in screen.story]
        return {
            "title": number,
            "keys": _keys(screen, w),
            **paged(rows, screen.page, session, w),
        }
    return {
        "title": things.state(w, Kind.PARCEL, screen.parcel.state),
        "subtitle": _hint(screen, w),
        "number": number,
        "carrier": carrier_of(screen.parcel.carrier),
        **_place(screen, w),
        "keys": _keys(screen, w),
        "rows": _facts(screen, w),
    }


def _hint(screen: ParcelInHand, w: Voice) -> str:
    if screen.parcel.state in LEFT:
        return ""
    return w.t("Now scan its shelf.") if screen.held else w.t("Scan it to move it.")


def _place(screen: ParcelInHand, w: Voice) -> Props:
    """The shelf to go to where there is one, else where it lies."""
    parcel = screen.parcel
    if parcel.state in LEFT or parcel.state in (S.UNKNOWN, S.ANNOUNCED, S.REFUSED_IN):
        return {"place": "", "label": "", "tone": "muted"}
    if screen.suggested:
        return {"place": screen.suggested, "label": w.t("Put it on"), "tone": "accent"}
    lies = _lies(parcel, w)
    if parcel.state is S.MISSING:
        return {"place": lies, "label": w.t("It was last at"), "tone": "caution"}
    return {"place": lies, "label": w.t("It lies at"), "tone": "accent"}


def _lies(parcel: Parcel, w: Voice) -> str:
    if parcel.container_id:
        return w.t("Container")
    return parcel.shelf_id or w.t("Desk")


def _facts(screen: ParcelInHand, w: Voice) -> list[Props]:
    parcel, rows = screen.parcel, []
    if screen.suggested and parcel.shelf_id:
        rows.append(_fact("shelf", w.t("Now it lies on {shelf}.", shelf=parcel.shelf_id)))
    if parcel.state in WAITS and parcel.until:
        rows.append(_fact("clock", w.t("It waits until {day}.", day=w.day(parcel.until))))
    if parcel.state is S.EXPIRED:
        over = w.t("Its last day was {day}.", day=w.day(parcel.until))
        rows.append(_fact("clock", over, "caution"))
    if parcel.state in COLLECTABLE:
        code = w.t("Its recipient has a code.") if parcel.code else w.t("There is no code for it.")
        rows.append(_fact("code", code))
    if not parcel.announced and parcel.state is not S.UNKNOWN:
        rows.append(_fact("warning", w.t("Nobody announced it."), "caution"))
    return rows


def _fact(icon: str, text: str, tone: str = "") -> Props:
    return _row("", text, "", icon) | {"tone": tone, "quiet": True}


def _past(past: Past, w: Words) -> Props:
    deed = things.deed(w, past.type)
    text = w.t("{deed}, {name}", deed=deed, name=past.by) if past.by else deed
    return _row(moment(w, past.at), text, past.place)


def moment(w: Voice, at: datetime) -> str:
    """A day and a time of the shop's own clock, as short as the language has it: 12 Mar · 14:05."""
    from babel import Locale
    from babel.dates import format_skeleton, format_time

    locale = Locale.parse(w.language, sep="-")
    day = format_skeleton("MMMd", at, tzinfo=at.tzinfo, locale=locale)
    return f"{day} · {format_time(at, 'short', tzinfo=at.tzinfo, locale=locale)}"


def _row(number: str, text: str, place: str, icon: str = "") -> Props:
    return {
        "number": number,
        "carrier": "",
        "text": text,
        "place": place,
        "icon": icon,
        "tone": "",
        "action": "",
        "value": "",
    }


def _keys(screen: ParcelInHand, w: Voice) -> list[Props]:
    """What can be done with it in its state; the lowest is touched most."""
    state, keys = screen.parcel.state, []
    if state in COLLECTABLE:
        keys.append(key(w.t("Hand out"), Key.HAND_OUT, "forward"))
    if state in (*WAITS, S.EXPIRED):
        keys.append(key(w.t("Stay longer"), Key.EXTEND, "clock"))
    if state in WAITS:
        keys.append(key(w.t("Not wanted"), Key.REFUSED, "close"))
    if screen.parcel.is_here or state is S.MISSING:
        keys.append(key(w.t("Cannot find it"), Key.MISSING, "search"))
    keys.append(key(w.t("Where it has been"), Key.STORY, "repeat", on=screen.open_story))
    return keys


def looking(session: Session, screen: LookingFor, w: Words) -> Props:
    parcel, first = screen.parcel, screen.places[0]
    others = [_row("", w.t("Then look here."), one or w.t("Desk")) for one in screen.places[1:]]
    missing = parcel.state is S.MISSING
    return {
        "title": w.t("Where is it?"),
        "subtitle": w.t("Look around, and scan it where you find it."),
        "label": w.t("Look first at"),
        "place": first or w.t("Desk"),
        "tone": "caution",
        "number": number_of(parcel.number),
        "carrier": carrier_of(parcel.carrier),
        "keys": []
        if missing
        else [key(w.t("Report it missing"), Key.MISSING, "search", main=True)],
        **paged(others, screen.page, session, w),
    }
