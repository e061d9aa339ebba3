"""Before a return is known: attract, help without a code, and the two ways of typing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.flows.model import Attract, Field, Press, TypeOrder, TypeShortCode
from kiosk.ports import HintKind, Service
from ui import actions, text
from ui.frame import Props, back, call_staff, key, problem

if TYPE_CHECKING:
    from kiosk.words import Words

# Crockford's alphabet: no letter that passes for a digit, and no U.
SHORT_KEYS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ORDER_KEYS: Final = "1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SHORT_LENGTH: Final = 8


def attract(screen: Attract, service: Service, words: Words) -> Props:
    """A blind kiosk does not ask for a code to be held up: it offers the keypad at once."""
    blind = text.is_blind(service)
    offered = screen.hint is HintKind.TYPE_INSTEAD
    no_code = words.t("Type your code") if offered else words.t("No code?")
    title = words.t("Type your return code") if blind else words.t("Hold your return code here")
    subtitle = words.t("On your phone or on paper.")
    return {
        "title": title,
        "subtitle": subtitle,
        "waiting": False,
        "seeing": not blind,
        "problem": problem(screen.problem, words),
        "hint": text.hint(screen.hint, words),
        "notices": text.notices(service.troubles, words),
        "languageBar": True,
        "primary": key(no_code, Press.NO_CODE, "keypad", quiet=not (blind or offered)),
        "secondary": [call_staff(words)],
    }


def no_code(words: Words) -> Props:
    return {
        "title": words.t("How can we find your return?"),
        "subtitle": words.t("Your return e-mail has everything you need."),
        "options": [
            _option(
                words.t("Short code"),
                words.t("8 letters and digits under the QR code"),
                Press.SHORT_CODE,
                "keypad",
            ),
            _option(
                words.t("Order number"),
                words.t("Together with your postal code"),
                Press.ORDER_NUMBER,
                "receipt",
            ),
            _option(
                words.t("Ask a person"), words.t("We come and help you"), Press.CALL_STAFF, "person"
            ),
        ],
        "secondary": [back(words)],
    }


def short_code(screen: TypeShortCode, words: Words) -> Props:
    return {
        "title": words.t("Type your short code"),
        "subtitle": words.t("8 letters and digits under the QR code"),
        "modest": True,
        "problem": problem(screen.problem, words),
        "cells": list(screen.text.ljust(SHORT_LENGTH)[:SHORT_LENGTH]),
        "cursor": len(screen.text),
        "spoken": words.t("Short code: {code}", code=" ".join(screen.text)),
        "keys": list(SHORT_KEYS),
        "erase": words.t("Erase"),
        "primary": _submit(words.t("Find my return"), len(screen.text) == SHORT_LENGTH),
        "secondary": [back(words)],
    }


def order(screen: TypeOrder, words: Words) -> Props:
    first = screen.field is Field.ORDER_NUMBER
    typed = screen.order_number if first else screen.postal_code
    title = words.t("Type your order number") if first else words.t("Type your postal code")
    return {
        "title": title,
        "subtitle": words.t("Both are in your return e-mail."),
        "modest": True,
        "problem": problem(screen.problem, words),
        "fields": [
            entry_field(
                Field.ORDER_NUMBER, words.t("Order number"), screen.order_number, active=first
            ),
            entry_field(
                Field.POSTAL_CODE, words.t("Postal code"), screen.postal_code, active=not first
            ),
        ],
        "keys": list(ORDER_KEYS),
        "erase": words.t("Erase"),
        "primary": _submit(words.t("Next") if first else words.t("Find my return"), bool(typed)),
        "secondary": [back(words)],
    }


def _submit(label: str, enabled: bool) -> Props:
    return key(label, Press.SUBMIT) | {"enabled": enabled}


def _option(label: str, detail: str, press: Press, icon: str) -> Props:
    return key(label, press, icon) | {"detail": detail}


def entry_field(field: Field, label: str, value: str, *, active: bool) -> Props:
    """A box that the keys type into."""
    return {
        "label": label,
        "text": value,
        "active": active,
        "action": actions.FIELD,
        "value": field.value,
    }
