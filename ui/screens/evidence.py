"""Photographs of an item: the live picture, and the one that was taken."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from kiosk.domain.policy.rules.evidence import CANNOT
from kiosk.flows.model import Photographing, Press
from ui import actions
from ui.frame import STEP_ITEMS, Props, back, call_staff, key, problem, progress, theme_of

if TYPE_CHECKING:
    from kiosk.words import Words


def photographing(screen: Photographing, words: Words) -> Props:
    """What is shown in the frame is what is kept: the screen says so, and for how long."""
    photo, name = screen.photo, screen.item.line.name
    return {
        **progress(STEP_ITEMS, words),
        "title": words.question(screen.question, screen.drop.merchant.look),
        "subtitle": words.t("Is the item easy to see?")
        if photo
        else words.t("Hold the item so that it fills the frame."),
        "modest": True,
        "theme": theme_of(screen.drop.merchant),
        "eyebrow": name,
        "problem": problem(screen.problem, words),
        "count": _count(screen, words),
        "photo": base64.b64encode(photo.preview).decode("ascii") if photo else "",
        "seen": words.t("Your photo of this item: {item}", item=name)
        if photo
        else words.t("What the camera sees now"),
        "kept": [words.t("Only what is inside the frame is kept."), _how_long(screen, words)],
        "primary": key(words.t("Use this photo"), Press.USE_PHOTO, "check")
        if photo
        else key(words.t("Take the photo"), Press.TAKE_PHOTO, "camera"),
        "secondary": [key(words.t("Take another"), Press.RETAKE, "repeat"), call_staff(words)]
        if photo
        else [back(words), _cannot(screen, words)],
    }


def _count(screen: Photographing, words: Words) -> str:
    """ "" where one is enough."""
    wanted = screen.question.count
    if wanted == 1:
        return ""
    return words.t("Photo {n} of {count}", n=len(screen.kept) + 1, count=wanted)


def _how_long(screen: Photographing, words: Words) -> str:
    return words.n(
        "The shop gets it. This kiosk deletes it {n} day later.",
        "The shop gets it. This kiosk deletes it {n} days later.",
        screen.days,
    )


def _cannot(screen: Photographing, words: Words) -> Props:
    return {
        **key(words.answer(screen.question.question_id, CANNOT), Press.BACK, "question"),
        "action": actions.ANSWER,
        "value": CANNOT,
    }
