"""Signing in, Home, Help, what only a person can settle, overrides, and the closed counter."""

from __future__ import annotations

from typing import assert_never

from kiosk.domain.counter.conflicts import Conflict
from kiosk.domain.counter.facts import Kind
from kiosk.domain.counter.parcels import Parcel
from kiosk.domain.staff.overrides import OverrideReason
from kiosk.flows.counter.model import Key, Session
from kiosk.flows.counter.states.desk import (
    Ask,
    ChoosePin,
    Help,
    Home,
    OutOfService,
    Overriding,
    Pad,
    SignIn,
    Starting,
    ToSettle,
    TypeCode,
    Unlocking,
)
from kiosk.ports import Trouble
from kiosk.words import Words
from kiosk.words.counter import conflicts, staffing
from kiosk.words.voice import Voice
from ui.counter import actions, first, keyboards
from ui.counter.frame import Drawn, Props, carrier_of, key, number_of, paged

Desk = (
    Starting
    | OutOfService
    | SignIn
    | ChoosePin
    | Home
    | Help
    | ToSettle
    | Unlocking
    | TypeCode
    | Overriding
)


def drawn(session: Session, screen: Desk, words: Words) -> Drawn:
    """The screen's name and its own properties."""
    match screen:
        case Starting():
            return first.SCREEN, first.starting(words)
        case OutOfService():
            return "Waiting", _out_of_service(screen, words)
        case SignIn():
            return _sign_in(session, screen, words)
        case ChoosePin():
            return "PinPad", _choose_pin(screen, words)
        case Home():
            return "Home", _home(session, words)
        case Help():
            return "Help", _help(session, screen, words)
        case Unlocking():
            return "ToSettle", _unlocking(session, screen, words)
        case ToSettle():
            return "ToSettle", _to_settle(session, screen, words)
        case TypeCode():
            return "Typing", _type_code(screen, words)
        case Overriding():
            return _overriding(session, screen, words)
        case _:
            assert_never(screen)


def _out_of_service(screen: OutOfService, words: Words) -> Props:
    title, step = _closed(screen.trouble, words)
    return {
        "title": title,
        "subtitle": step,
        "drawing": "closed",
    }


def _closed(trouble: Trouble, words: Words) -> tuple[str, str]:
    """Why nothing can be recorded, and what to do."""
    match trouble:
        case Trouble.STORE_FAILED:
            title = words.t("This counter cannot save anything right now.")
            return title, words.t("Work at another counter, and tell the back office.")
        case Trouble.REVOKED:
            title = words.t("This counter was closed by the back office.")
            return title, words.t("Ask the back office.")
        case Trouble.NOT_ENROLLED:
            return words.t("This counter is not set up yet."), words.t("Ask the back office.")
        case _:
            return words.trouble(trouble), words.trouble_mend(trouble)


# --- signing in -----------------------------------------------------------------------------------


def _sign_in(session: Session, screen: SignIn, words: Words) -> Drawn:
    instead = {} if screen.back is None else key(words.t("Back"), Key.BACK, "back")
    match screen.pad:
        case Pad.BADGE:
            return "SignIn", {
                "title": words.t("Show your badge"),
                "subtitle": _wait(screen.wait, words) or words.t("Hold it before the scanner."),
                "waiting": screen.wait > 0,
                "keys": [
                    key(words.t("Type your staff number"), Key.TYPE_ID, "keypad")
                    | {"enabled": screen.wait == 0}
                ],
                "back": instead,
                "languages": languages(session, words),
            }
        case Pad.STAFF_ID:
            return "Typing", {
                "title": words.t("Type your staff number"),
                "text": screen.staff_id,
                "hint": words.t("It stands on your badge."),
                "back": key(words.t("Back"), Key.BACK, "back"),
                **_keyboard(keyboards.code(), words, screen.staff_id != ""),
            }
        case Pad.PIN:
            return "PinPad", {
                "title": words.t("Type your PIN"),
                "subtitle": words.t("Nobody else should see it."),
                "back": key(words.t("Back"), Key.BACK, "back"),
                **_pin_pad(screen.pin, words),
            }
        case _:
            assert_never(screen.pad)


def _choose_pin(screen: ChoosePin, words: Words) -> Props:
    again = words.t("Type the same PIN once more")
    return {
        "title": again if screen.first else words.t("Choose a PIN of your own"),
        "subtitle": words.t("At least six digits that nobody guesses."),
        "keys": [key(words.t("Sign out"), Key.SIGN_OUT, "leave")],
        **_pin_pad(screen.pin, words),
    }


def _pin_pad(pin: str, words: Voice) -> Props:
    """How many digits were typed is all that leaves the flow."""
    return {
        "typing": True,
        "dots": len(pin),
        "typed": words.n("{n} digit typed", "{n} digits typed", len(pin)),
        "erase": words.t("Erase"),
        "submit": key(words.t("Continue"), Key.SUBMIT, "check", main=True) | {"enabled": pin != ""},
    }


def _keyboard(rows: list[list[str]], words: Voice, ready: bool) -> Props:
    return {
        "typing": True,
        "rows": rows,
        "space": words.t("Space"),
        "erase": words.t("Erase"),
        "submit": key(words.t("Continue"), Key.SUBMIT, "check", main=True) | {"enabled": ready},
    }


def _wait(seconds: int, words: Voice) -> str:
    if not seconds:
        return ""
    return words.n("Too many tries. Wait {n} second.", "Too many tries. Wait {n} seconds.", seconds)


def languages(session: Session, words: Words) -> list[Props]:
    """Every language by its own name."""
    return [
        {
            "label": name,
            "action": actions.LANGUAGE,
            "value": code,
            "icon": "",
            "main": False,
            "on": code == session.comfort.language,
            "enabled": True,
        }
        for code, name in words.languages().items()
    ]


# --- home and help --------------------------------------------------------------------------------


def _home(session: Session, words: Voice) -> Props:
    tiles = session.tiles
    return {
        "title": words.t("Scan anything"),
        "subtitle": words.t("A parcel, a pick-up code, a shelf, a bag, a driver’s code."),
        "tiles": [
            _tile(words.t("To put on a shelf"), tiles.to_shelve, Key.TO_SHELVE, "shelf"),
            _tile(words.t("To go back"), tiles.expired, Key.EXPIRED, "undo"),
            _tile(words.t("Containers"), tiles.containers, Key.CONTAINERS, "tote"),
            _tile(words.t("To look into"), tiles.help, Key.TO_SETTLE, "question", care=True),
        ],
        "keys": [
            key(words.t("Take a delivery"), Key.RECEIVE, "truck"),
            key(words.t("Help"), Key.HELP, "question"),
            key(words.t("Sign out"), Key.SIGN_OUT, "leave"),
        ],
    }


def _tile(label: str, count: int, press: Key, icon: str, *, care: bool = False) -> Props:
    told = key(label, press, icon)
    return told | {"count": count, "care": care and count > 0}


def _help(session: Session, screen: Help, words: Words) -> Props:
    ends = session.training
    comfort = session.comfort
    return {
        "title": words.t("What you can scan"),
        "cards": [
            _card("parcel", words.t("Parcel"), words.t("Where it lies, or where it goes.")),
            _card("code", words.t("Pick-up code"), words.t("Which parcels to hand out.")),
            _card("shelf", words.t("Shelf"), words.t("What lies on it, or put it there.")),
            _card("bag", words.t("Bag of a return"), words.t("Which container it goes into.")),
            _card("seal", words.t("Container or seal"), words.t("Fill it, close it, send it.")),
            _card("truck", words.t("Driver’s code"), words.t("Take a delivery, hand over.")),
            _card("receipt", words.t("Return code"), words.t("Take a return here.")),
            _card("badge", words.t("Badge"), words.t("Sign in, or take over.")),
        ],
        "keys": [
            key(words.t("Print labels"), Key.LABELS, "label"),
            *([key(words.t("Unlock a PIN"), Key.UNLOCK, "badge")] if screen.unlocks else []),
            key(words.t("To look into"), Key.TO_SETTLE, "question"),
            key(
                words.t("End training") if ends else words.t("Practise"),
                Key.TRAINING,
                "learn",
                on=ends,
            ),
            key(words.t("Sign out"), Key.SIGN_OUT, "leave"),
        ],
        "switches": [
            key(words.t("Large text"), Key.LARGE_TEXT, "text", on=comfort.large_text),
            key(words.t("High contrast"), Key.HIGH_CONTRAST, "contrast", on=comfort.high_contrast),
        ],
        "languages": languages(session, words),
    }


def _card(icon: str, title: str, text: str) -> Props:
    return {"icon": icon, "title": title, "text": text}


# --- what only a person can settle ----------------------------------------------------------------


def _to_settle(session: Session, screen: ToSettle, words: Voice) -> Props:
    rows = [_missing(parcel, words) for parcel in screen.missing]
    rows += [_conflict(one, words) for one in screen.conflicts]
    return {
        "title": words.t("To look into"),
        "subtitle": ""
        if rows
        else words.t("Nothing at the moment. All parcels are where they should be."),
        **paged(rows, screen.page, session, words),
    }


def _unlocking(session: Session, screen: Unlocking, words: Voice) -> Props:
    rows = [_row(name, staff_id) for staff_id, name in screen.members]
    return {
        "title": words.t("Whose wrong PINs shall be forgiven?"),
        **paged(rows, screen.page, session, words),
    }


def _row(name: str, value: str) -> Props:
    told = {"number": "", "carrier": name, "text": "", "icon": "badge", "tone": ""}
    return {**told, "action": actions.CHOOSE, "value": value}


def _missing(parcel: Parcel, words: Voice) -> Props:
    place = words.t("Should lie on {shelf}.", shelf=parcel.shelf_id) if parcel.shelf_id else ""
    return {
        "number": number_of(parcel.number),
        "carrier": carrier_of(parcel.carrier),
        "text": " ".join(part for part in (words.t("Nobody finds it."), place) if part),
        "icon": "search",
        "tone": "caution",
        "action": actions.CHOOSE,
        "value": parcel.number,
    }


def _conflict(conflict: Conflict, words: Voice) -> Props:
    """It is settled in the centre; here it is read."""
    name = conflict.subject.name
    parcel = conflict.subject.kind in (Kind.PARCEL, Kind.BAG)
    return {
        "number": number_of(name) if parcel else name,
        "carrier": "",
        "text": conflicts.conflict(words, conflict.kind),
        "icon": "warning",
        "tone": "caution",
        "action": "",
        "value": "",
    }


# --- typing and overrides -------------------------------------------------------------------------


def _type_code(screen: TypeCode, words: Voice) -> Props:
    return {
        "title": words.t("Type the code"),
        "text": screen.text,
        "hint": words.t("As it stands beside the bars."),
        "back": key(words.t("Back"), Key.BACK, "back"),
        **_keyboard(keyboards.code(), words, screen.text.strip() != ""),
    }


def _overriding(session: Session, screen: Overriding, words: Words) -> Drawn:
    title = staffing.act(words, screen.wanted.act)
    match screen.ask:
        case Ask.REASON:
            return "Reason", {
                "title": title,
                "subtitle": words.t("Why? Choose a reason."),
                "choices": [
                    {
                        "label": staffing.reason(words, reason),
                        "action": actions.CHOOSE,
                        "value": reason.value,
                        "icon": "",
                        "main": False,
                        "on": screen.wanted.reason == reason,
                        "enabled": True,
                    }
                    for reason in OverrideReason
                ],
            }
        case Ask.NOTE:
            note = screen.wanted.note
            return "Typing", {
                "title": words.t("What happened?"),
                "text": note,
                "hint": words.t("A few words are enough."),
                **_keyboard(keyboards.letters(session.comfort.language), words, bool(note.strip())),
            }
        case Ask.BADGE:
            wait = _wait(screen.wait, words)
            return "SignIn", {
                "title": words.t("A supervisor shows their badge"),
                "subtitle": wait or title,
                "waiting": screen.wait > 0,
                "languages": [],
            }
        case Ask.PIN:
            return "PinPad", {
                "title": words.t("The supervisor types their PIN"),
                "subtitle": title,
                **_pin_pad(screen.pin, words),
            }
        case _:
            assert_never(screen.ask)
