"""What every screen of the counter has around its own content: who is there, what works, what the
last scan came to, the key that takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from string import ascii_letters
from typing import assert_never

from kiosk.domain.counter.rules import Fill
from kiosk.domain.counter.saying import Refused as CounterRefused
from kiosk.domain.reasons import Reason
from kiosk.domain.staff.saying import Refused as StaffRefused
from kiosk.flows.counter import turns
from kiosk.flows.counter.model import Bar, Flash, Key, Note, Said, Screen, Session, Tone
from kiosk.flows.counter.states import desk
from kiosk.words import Words
from kiosk.words.counter import notes, refusals, staffing
from kiosk.words.voice import Voice
from ui.counter import actions, first

Props = dict[str, object]
Drawn = tuple[str, Props]
"""The name of a screen (`counter/<Name>Screen.qml`) and its own properties."""

_NO_BACK = (desk.Starting, desk.OutOfService, desk.Home, desk.SignIn)


def around(session: Session, words: Words) -> Props:
    """Everything but the screen's own."""
    signed_in = session.staff.session is not None
    at_work = signed_in and not isinstance(
        session.screen,
        desk.SignIn | desk.ChoosePin | desk.OutOfService | desk.TypeCode | desk.Overriding,
    )
    return first.common(session.comfort, words) | {
        "bar": bar(session.bar, words),
        # Nothing of anybody while somebody else shows who they are.
        "name": "" if isinstance(session.screen, desk.SignIn) else session.name,
        "training": words.t("Training. Nothing here counts.") if session.training else "",
        "flash": flash(session.flash, words),
        "undo": undo(session, words) if at_work else {},
        "back": {} if isinstance(session.screen, _NO_BACK) else back(words),
        "typeCode": type_code(words) if at_work else {},
    }


def key(label: str, press: Key, icon: str = "", *, main: bool = False, on: bool = False) -> Props:
    """A key that presses one of the flow's. `main`: what is done next on this screen; `on`: a
    switch that is on."""
    return {
        "label": label,
        "action": actions.PRESS,
        "value": press.value,
        "icon": icon,
        "main": main,
        "on": on,
        "enabled": True,
    }


def plain(session: Session, screen: Screen, words: Voice) -> Drawn:
    """A screen whose job has not drawn it yet: what is in hand, and the keys around it."""
    del session, screen
    return "Waiting", {"title": words.t("Scan anything"), "subtitle": "", "drawing": "barcode"}


def choice(label: str, value: str, *, on: bool = False, icon: str = "") -> Props:
    """One of a list: the flow gets `Chosen(value)`."""
    told = key(label, Key.DONE, icon, on=on)
    return told | {"action": actions.CHOOSE, "value": value}


def back(words: Voice) -> Props:
    return key(words.t("Back"), Key.BACK, "back")


def type_code(words: Voice) -> Props:
    return key(words.t("Type a code"), Key.TYPE_CODE, "keypad")


def flash(told: Flash | None, words: Words) -> Props:
    """A colour, one word to be read from two metres, a sentence; `scan` tells the same twice
    apart."""
    if told is None:
        return {}
    tone, word, icon = _tone(told.tone, words)
    return {
        "tone": tone,
        "word": word,
        "icon": icon,
        "text": said(told.said, words),
        "scan": told.scan,
    }


def _tone(tone: Tone, words: Voice) -> tuple[str, str, str]:
    match tone:
        case Tone.RIGHT:
            return "positive", words.t("All good"), "check"
        case Tone.CARE:
            return "caution", words.t("Look"), "warning"
        case Tone.WRONG:
            return "critical", words.t("Stop"), "close"
        case _:
            assert_never(tone)


def said(told: Said, words: Words) -> str:
    """What was done, or why not and what to do next."""
    match told:
        case Note():
            return notes.sentence(words, told.did, told.values)
        case CounterRefused():
            return refusals.sentence(words, told)
        case StaffRefused():
            return staffing.sentence(words, told)
        case Reason():
            return words.reason(told)
        case _:
            assert_never(told)


def undo(session: Session, words: Voice) -> Props:
    """The key that takes the last act back, with the seconds that it is good for."""
    if session.undo is None:
        return {}
    seconds = max(0, ceil(session.undo.until - session.now))
    told = key(words.t("Take back"), Key.UNDO, "undo")
    return told | {"seconds": seconds} if seconds else {}


def bar(told: Bar, words: Voice) -> list[Props]:
    """What works: a sign and a few words each. What is as it should be stays quiet."""
    items = [_line(told, words)]
    if told.policy_hours is not None:
        hours = told.policy_hours
        items.append((words.t("Rules: {hours} h", hours=hours), "clock", hours >= _OLD_H))
    if not told.paper_ok:
        items.append((words.t("Check the printer"), "receipt", True))
    if told.others_seen_s is not None:
        minutes = told.others_seen_s // 60
        late = told.others_seen_s >= _LATE_S
        text = words.t("Other counter: {minutes} min", minutes=minutes)
        items.append((text, "person", late))
    return [{"text": text, "icon": icon, "care": care} for text, icon, care in items]


_OLD_H, _LATE_S = 48, 300


def _line(told: Bar, words: Voice) -> tuple[str, str, bool]:
    """The line to the centre, and what waits for it."""
    if told.online and not told.queued:
        return words.t("Online"), "online", False
    if told.online:
        return words.t("{count} to send", count=told.queued), "forward", False
    if not told.queued:
        return words.t("Offline"), "cloud", True
    return words.t("Offline, {count} to send", count=told.queued), "cloud", True


def paged(rows: Sequence[Props], page: int, session: Session, words: Voice) -> Props:
    """The rows of one page of a list, and the keys that turn it (`PagedList`)."""
    size = turns.page_size(session)
    pages = turns.pages(session, len(rows))
    page = min(page, pages - 1)
    return {
        "rows": list(rows[page * size : (page + 1) * size]),
        "of": f"{page + 1} / {pages}" if pages > 1 else "",
        "spoken": words.t("Page {page} of {pages}", page=page + 1, pages=pages),
        "earlier": key(words.t("Previous page"), Key.LAST_PAGE, "back") | {"enabled": page > 0},
        "later": key(words.t("Next page"), Key.NEXT_PAGE, "forward")
        | {"enabled": page < pages - 1},
    }


def number_of(number: str) -> str:
    """A parcel's number as people read it out: groups of four from the end, apart by thin spaces
    that do not break. Letters before digits alone are a group of their own."""
    digits = number.lstrip(ascii_letters)
    letters = number[: len(number) - len(digits)] if digits.isdecimal() else ""
    rest = number[len(letters) :]
    head = len(rest) % 4
    groups = [letters, rest[:head], *(rest[at : at + 4] for at in range(head, len(rest), 4))]
    return "\u202f".join(group for group in groups if group)


def carrier_of(carrier: str) -> str:
    """A carrier as people know it: their short names are written large."""
    if not carrier.islower():
        return carrier
    return carrier.upper() if len(carrier) <= 4 else carrier.capitalize()


def fill(told: Fill, words: Voice) -> Props:
    """How full something is, for `Meter`."""
    return {
        "count": told.count,
        "room": told.room,
        "text": words.t("{count} of {room}", count=told.count, room=told.room),
        "tone": "critical" if told.full else "caution" if told.nearly else "accent",
    }
