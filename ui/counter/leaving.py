"""Containers, what goes with a driver, and labels."""

from __future__ import annotations

from typing import assert_never

from kiosk.domain.counter.containers import ContainerState
from kiosk.domain.counter.facts import Kind
from kiosk.domain.counter.manifests import ManifestState
from kiosk.flows.counter.jobs import LEAVING
from kiosk.flows.counter.leaving_fill import ANY
from kiosk.flows.counter.model import Key, Session
from kiosk.flows.counter.states.leaving import (
    ContainerInHand,
    ContainerLine,
    Containers,
    HandOver,
    Labels,
    NewContainer,
    Signed,
    Signing,
    Sure,
    Waiting,
)
from kiosk.words import Words
from kiosk.words.counter import things
from ui.counter import leaving_paper
from ui.counter.frame import Drawn, Props, carrier_of, choice, fill, key, number_of, paged

S = ContainerState
SHOWN_END = 5
"""Characters at the end of a plate, as they stand large on its label."""


def drawn(session: Session, screen: LEAVING, words: Words) -> Drawn:
    """The screen's name and its own properties."""
    match screen:
        case Containers():
            return "Containers", _containers(session, screen, words)
        case NewContainer():
            return "Reason", _new(screen, words)
        case ContainerInHand():
            return "Place", _in_hand(session, screen, words)
        case HandOver():
            return "Place", _hand_over(session, screen, words)
        case Signing():
            return "Signature", _signing(screen, words)
        case Signed():
            return "Counts", leaving_paper.signed(screen, words)
        case Labels():
            return leaving_paper.labels(screen, words)
        case _:
            assert_never(screen)


# --- the list ------------------------------------------------------------------------------------


def _containers(session: Session, screen: Containers, words: Words) -> Props:
    rows = [_row(line, words) for line in screen.lines]
    return {
        "title": words.t("Containers"),
        "subtitle": "" if rows else words.t("Scan the plate of an empty container to begin."),
        "waiting": [_waiting(one, words) for one in screen.waiting],
        "waitingLabel": words.t("Ready for the driver") if screen.waiting else "",
        **paged(rows, screen.page, session, words),
    }


def _row(line: ContainerLine, words: Words) -> Props:
    it = line.container
    told = choice(_whose(it.carrier, words), it.container_id)
    return told | {
        "number": it.plate,
        "state": _doing(it.state, words),
        "icon": "seal" if it.state in (S.CLOSED, S.MANIFESTED) else "tote",
        "meter": fill(line.fill, words),
    }


def _whose(carrier: str, words: Words) -> str:
    return carrier_of(carrier) if carrier else words.t("Any carrier")


def _doing(state: ContainerState, words: Words) -> str:
    return things.state(words, Kind.CONTAINER, state.value)


def _waiting(one: Waiting, words: Words) -> Props:
    """A key for each carrier who may fetch something."""
    if one.manifest_id and not one.containers and not one.loose:
        what = words.t("List begun")
    else:
        what = words.t(
            "Containers: {containers}, parcels: {parcels}",
            containers=one.containers,
            parcels=one.loose,
        )
    return choice(carrier_of(one.carrier), one.carrier, icon="truck") | {"text": what}


# --- one container -------------------------------------------------------------------------------


def _new(screen: NewContainer, words: Words) -> Props:
    choices = [choice(one.name, one.carrier, icon="truck") for one in screen.carriers]
    return {
        "title": words.t("Whose goods go into it?"),
        "subtitle": words.t("New container {plate}", plate=screen.plate),
        "choices": [*choices, choice(words.t("Any carrier"), ANY)],
    }


def _in_hand(session: Session, screen: ContainerInHand, words: Words) -> Props:
    it, full = screen.line.container, screen.line.fill
    rows: list[Props] = [{"number": bag, "icon": "bag"} for bag in screen.bags]
    rows += [{"number": number_of(parcel), "icon": "parcel"} for parcel in screen.parcels]
    tone = "critical" if full.full else "caution" if full.nearly else "accent"
    return {
        "title": _asked(screen, words),
        "subtitle": "",
        "label": f"{_whose(it.carrier, words)} · {_doing(it.state, words)}",
        "place": it.plate[-SHOWN_END:],
        "tone": tone if it.state is S.OPEN else "muted",
        "meter": fill(full, words),
        "keys": _keys_of(screen, words),
        **paged(rows, screen.page, session, words),
    }


def _asked(screen: ContainerInHand, words: Words) -> str:
    it = screen.line.container
    if screen.sure is Sure.DAMAGED:
        return words.t("Is this container damaged?")
    if screen.sure is Sure.LOST:
        return words.t("Is this container lost?")
    if it.state is not S.OPEN:
        return words.t("Container {plate}", plate=it.plate)
    if screen.line.fill.full:
        return words.t("It is full. Scan a seal.")
    if screen.line.fill.count:
        return words.t("Scan what goes in, or a seal")
    return words.t("Scan what goes in")


def _keys_of(screen: ContainerInHand, words: Words) -> list[Props]:
    it = screen.line.container
    damaged = screen.sure is Sure.DAMAGED
    keys = [
        key(
            words.t("Yes, it is damaged") if damaged else words.t("Damaged"),
            Key.CONTAINER_DAMAGED,
            "warning",
            on=damaged,
        )
    ]
    if screen.sure is not None:
        lost = screen.sure is Sure.LOST
        label = words.t("Yes, it is lost") if lost else words.t("Lost")
        keys.append(key(label, Key.CONTAINER_LOST, "search", on=lost))
    if it.state is S.CLOSED:
        keys.append(key(words.t("Open it again"), Key.REOPEN, "undo"))
        keys.append(key(words.t("Hand over"), Key.HAND_OVER, "truck", main=True))
    return keys


# --- a hand-over ---------------------------------------------------------------------------------


def _hand_over(session: Session, screen: HandOver, words: Words) -> Props:
    rows = [_listed(screen, line, words) for line in screen.lines]
    rows += [_tick(screen, number, number_of(number), "parcel", words) for number in screen.loose]
    counts = [
        (len(screen.containers_going), words.t("Containers")),
        (len(screen.loose_going), words.t("Single parcels")),
    ]
    ready = screen.manifest.state is ManifestState.READY
    return {
        "title": words.t("Hand over to {carrier}", carrier=carrier_of(screen.manifest.carrier)),
        "subtitle": words.t("The list is fixed. Scan what goes, or all goes.")
        if ready
        else words.t("Scan what goes, or all goes."),
        "label": words.t("Pieces that go along"),
        "place": str(sum(count for count, _ in counts)),
        "figures": [{"count": count, "label": label} for count, label in counts]
        + _theirs(screen, words),
        "keys": _hand_over_keys(screen, words, ready=ready),
        **paged(rows, screen.page, session, words),
    }


def _theirs(screen: HandOver, words: Words) -> list[Props]:
    told = None if screen.round is None else screen.round.fetches
    return [] if told is None else [{"count": told, "label": words.t("The driver says")}]


def _listed(screen: HandOver, line: ContainerLine, words: Words) -> Props:
    it = line.container
    told = _tick(screen, it.container_id, it.plate, "tote", words)
    return told | {"place": f"× {line.fill.count}"}


def _tick(screen: HandOver, name: str, number: str, icon: str, words: Words) -> Props:
    """A line that a touch takes off the list, or puts back."""
    goes = screen.goes(name)
    return choice("", name) | {
        "number": number,
        "icon": icon,
        "text": words.t("Goes") if goes else words.t("Stays"),
        "tone": "" if goes else "caution",
    }


def _hand_over_keys(screen: HandOver, words: Words, *, ready: bool) -> list[Props]:
    keys = []
    if ready:
        keys.append(key(words.t("Cancel the list"), Key.VOID, "close"))
    if screen.going is not None:
        keys.append(key(words.t("All goes"), Key.ALL, "repeat"))
    count = len(screen.containers_going) + len(screen.loose_going)
    go = words.t("Sign for {n}", n=count)
    keys.append(key(go, Key.READY, "forward", main=True) | {"enabled": count > 0})
    return keys


def _signing(screen: Signing, words: Words) -> Props:
    job, drawn = screen.job, bool(screen.strokes)
    going = set(job.containers_going)
    inside = sum(line.fill.count for line in job.lines if line.container.container_id in going)
    return {
        "title": words.t("The driver signs here"),
        "subtitle": words.t(
            "Containers: {containers} with {inside} pieces, single parcels: {loose}",
            containers=len(going),
            inside=inside,
            loose=len(job.loose_going),
        ),
        "strokes": [[list(point) for point in stroke] for stroke in screen.strokes],
        "field": words.t("Field for the signature"),
        "keys": [
            key(words.t("Clear"), Key.CLEAR, "erase") | {"enabled": drawn},
            key(words.t("Done"), Key.DONE, "check", main=True) | {"enabled": drawn},
        ],
    }
