"""The screens of handing out: where to go in letters to be read from two metres, what is asked, and
what stays here."""

from __future__ import annotations

from typing import assert_never

from kiosk.domain.counter.parcels import Parcel
from kiosk.domain.counter.proving import Document, Proof
from kiosk.flows.counter.model import Key, Session
from kiosk.flows.counter.states.outbound import (
    Approving,
    HandedOut,
    HandingOut,
    Place,
    PlaceKind,
    SigningFor,
    Staying,
    Stays,
)
from kiosk.words import Words
from kiosk.words.counter import proofs
from kiosk.words.voice import Voice
from ui.counter.frame import Drawn, Props, carrier_of, choice, key, number_of, paged

_ROWS = 3
"""So many parcels of one place stand on the screen: more are told by their number."""


def handing_out(session: Session, job: HandingOut, words: Words) -> Drawn:
    return "HandingOut", {
        "title": _title(job, words),
        "subtitle": _progress(job, words),
        "place": _place(job, words),
        "rows": _rows(job, words, 2 if session.comfort.large_text else _ROWS),
        "more": _more(job, words),
        "proof": _proof(job, words),
        "keys": _keys(job, words),
    }


def signing_for(screen: SigningFor, words: Words) -> Drawn:
    drawn = bool(screen.strokes)
    return "Signature", {
        "title": words.t("Please sign here"),
        "subtitle": words.n(
            "You take {n} parcel.", "You take {n} parcels.", len(screen.job.scanned)
        ),
        "strokes": [[list(point) for point in stroke] for stroke in screen.strokes],
        "field": words.t("Field for the signature"),
        "keys": [
            key(proofs.not_shown(words, Proof.SIGNATURE), Key.NOT_SHOWN, "close"),
            key(words.t("Clear"), Key.CLEAR, "erase") | {"enabled": drawn},
            key(words.t("Done"), Key.DONE, "check", main=True) | {"enabled": drawn},
        ],
    }


def approving(screen: Approving, words: Words) -> Drawn:
    keys = [key(proofs.not_shown(words, Proof.SUPERVISOR), Key.NOT_SHOWN, "close")]
    told: Props = {"title": proofs.question(words, Proof.SUPERVISOR), "keys": keys}
    if not screen.badge:
        wait = screen.wait
        told["subtitle"] = (
            words.n("Too many tries. Wait {n} second.", "Too many tries. Wait {n} seconds.", wait)
            if wait
            else words.t("Another person shows their badge.")
        )
        return "Waiting", told | {"drawing": "badge"}
    typed = len(screen.pin)
    return "PinPad", told | {
        "subtitle": words.t("Now their PIN. Look away."),
        "typing": True,
        "dots": typed,
        "typed": words.n("{n} digit typed", "{n} digits typed", typed),
        "erase": words.t("Erase"),
        "submit": key(words.t("Agree"), Key.SUBMIT, "check", main=True) | {"enabled": typed > 0},
    }


def handed_out(session: Session, screen: HandedOut, words: Words) -> Drawn:
    count = screen.count
    rows = [_staying(one, words) for one in screen.stay]
    return "HandedOut", {
        "title": words.n("{n} parcel handed out", "{n} parcels handed out", count)
        if count
        else words.t("Nothing was handed out"),
        "subtitle": _left(screen, words),
        "good": count > 0,
        "list": paged(rows, 0, session, words),
        "keys": [key(words.t("Next customer"), Key.DONE, "forward", main=True)],
    }


# --- what is fetched -----------------------------------------------------------------------------


def _title(job: HandingOut, words: Words) -> str:
    if job.stopped is not None:
        return words.t("Wrong parcel")
    if job.declining:
        return words.t("Scan the parcel that they do not want")
    count = len(job.wanted)
    if count:
        return words.n("Fetch {n} parcel", "Fetch {n} parcels", count)
    if job.ask is not None:
        return proofs.question(words, job.ask)
    return words.t("Nobody found it so far")


def _progress(job: HandingOut, words: Words) -> str:
    if job.stopped is not None:
        return words.t("It is not for this customer.")
    got, wanted = len(job.scanned), len(job.wanted)
    if not got:
        return words.t("Then scan each of them.") if wanted else ""
    return words.t("{got} of {all} are here.", got=got, all=got + wanted)


def _place(job: HandingOut, words: Words) -> Props:
    if job.stopped is not None:
        return _back_to(job.stopped, words)
    if job.places:
        return _to(job.places[0], words)
    if job.plan.missing and not job.scanned and job.near:
        label = words.t("It is reported missing. Look here")
        return {"label": label, "name": job.near[0] or words.t("Desk"), "tone": "caution"}
    return {}


def _to(place: Place, words: Words) -> Props:
    match place.kind:
        case PlaceKind.SHELF:
            return {"label": words.t("Go to shelf"), "name": place.name, "tone": "accent"}
        case PlaceKind.DESK:
            label = words.t("Not on a shelf yet, here at the")
            return {"label": label, "name": words.t("Desk"), "tone": "accent"}
        case PlaceKind.OTHER_DESK:
            label = words.t("Not on a shelf yet, at the other counter’s")
            return {"label": label, "name": words.t("Desk"), "tone": "caution"}
        case PlaceKind.CONTAINER:
            return {"label": words.t("In container"), "name": place.name, "tone": "accent"}
        case PlaceKind.CLOSED_CONTAINER:
            label = words.t("Sealed in. Open this container first")
            return {"label": label, "name": place.name, "tone": "caution"}
        case _:
            assert_never(place.kind)


def _back_to(parcel: Parcel, words: Words) -> Props:
    if parcel.shelf_id:
        return {"label": words.t("Put it back on"), "name": parcel.shelf_id, "tone": "critical"}
    label = words.t("Put it aside")
    return {"label": label, "name": number_of(parcel.number[-8:]), "tone": "critical"}


def _rows(job: HandingOut, words: Words, most: int) -> list[Props]:
    """The parcels of the place in front. Whoever does not find one touches it."""
    if job.stopped is not None or not job.places:
        return []
    carriers = {one.number: one.carrier for one in job.parcels}
    hint = "" if job.asks else words.t("Not there? Touch it.")
    return [
        choice(number_of(number), number)
        | {
            "number": number_of(number),
            "carrier": carrier_of(carriers.get(number, "")),
            "text": "" if at else hint,
            "icon": "parcel",
        }
        for at, number in enumerate(job.places[0].numbers[:most])
    ]


def _more(job: HandingOut, words: Words) -> list[str]:
    """What else is to be known on the way: further stops, where else it may lie, what is lost."""
    if job.stopped is not None:
        return []
    told = []
    ways = [(place.name or words.t("Desk"), len(place.numbers)) for place in job.places[1:4]]
    if ways:
        then = ", ".join(f"{name} ({count})" for name, count in ways)
        told.append(words.t("Then: {places}", places=then))
    near = [place or words.t("Desk") for place in job.near[0 if job.places else 1 :][:3]]
    if near:
        told.append(words.t("Not there? Look here: {places}", places=", ".join(near)))
    missing = len(job.plan.missing)
    if missing and job.places:
        told.append(words.n("{n} parcel is missing.", "{n} parcels are missing.", missing))
    return told


# --- what is asked -------------------------------------------------------------------------------


def _proof(job: HandingOut, words: Words) -> Props:
    """The question in front, with its keys; {} where nothing is asked, or a parcel is wrong."""
    ask = job.ask
    if ask is None or job.stopped is not None:
        return {}
    return {
        "title": proofs.question(words, ask),
        "text": proofs.what_counts(words, ask),
        "date": words.day(job.born_by) if ask is Proof.AGE and job.born_by else "",
        "icon": _ICONS[ask],
        "keys": _answers(job, ask, words),
    }


_ICONS = {
    Proof.CODE: "code",
    Proof.NAME: "label",
    Proof.DOCUMENT: "badge",
    Proof.AGE: "person",
    Proof.SIGNATURE: "text",
    Proof.SUPERVISOR: "badge",
}


def _answers(job: HandingOut, ask: Proof, words: Voice) -> list[Props]:
    """No first, yes after it: the right answer lies where the hand is."""
    no = key(proofs.not_shown(words, ask), Key.NOT_SHOWN, "close")
    if ask is Proof.CODE:
        return [no]
    if ask is Proof.DOCUMENT:
        kinds = [Document(kind) for kind in job.plan.documents]
        return [*(choice(proofs.document(words, kind), kind.value) for kind in kinds), no]
    if ask in (Proof.SIGNATURE, Proof.SUPERVISOR) and job.wanted:
        return []  # they sign once they see what for
    yes = key(proofs.shown(words, ask), Key.SHOWN, "check", main=not job.wanted)
    return [no, yes]


def _keys(job: HandingOut, words: Words) -> list[Props]:
    proxy = key(words.t("Somebody else collects"), Key.PROXY, "person", on=job.proxy)
    declined = key(words.t("They do not want it"), Key.REFUSED, "close", on=job.declining)
    keys = [proxy, declined]
    if len(job.wanted) == 1:
        keys.append(key(words.t("Cannot find it"), Key.MISSING, "search"))
    if job.scanned and job.wanted:
        count = len(job.scanned)
        keys.append(key(words.t("Hand out only these: {n}", n=count), Key.DONE, "check"))
    return keys


# --- what stays ----------------------------------------------------------------------------------


def _left(screen: HandedOut, words: Words) -> str:
    if screen.left:
        return words.n("{n} more waits for this code.", "{n} more wait for this code.", screen.left)
    return words.t("Nothing else waits for this code.") if screen.count else ""


def _staying(one: Staying, words: Words) -> Props:
    parcel = one.parcel
    return {
        "carrier": carrier_of(parcel.carrier),
        "number": number_of(parcel.number),
        "text": _why(one, words),
        "place": parcel.shelf_id if one.why is Stays.NO_PROOF and one.fetched else "",
        "icon": "parcel",
        "tone": "caution",
    }


def _why(one: Staying, words: Words) -> str:
    match one.why:
        case Stays.NO_PROOF if one.fetched:
            return words.t("Not shown what is asked. Put it back.")
        case Stays.NO_PROOF:
            return words.t("Not shown what is asked. It stays.")
        case Stays.DECLINED:
            return words.t("Not wanted. Put it with the returns.")
        case _:
            assert_never(one.why)
