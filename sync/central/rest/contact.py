"""Whom to tell of a return or a parcel, as machines say it."""

from __future__ import annotations

from kiosk.words import languages
from sync.central.notices import addresses
from sync.central.notices.contacts import Contact
from sync.central.notices.model import Way
from sync.central.rest.problems import Kind, Problem, problem
from sync.central.rest.shapes import ContactTold


def read(told: ContactTold) -> Contact | Problem:
    """As it is kept; an address that cannot be one is refused."""
    found = []
    for way in (Way.EMAIL, Way.WHATSAPP, Way.SMS):
        typed = str(getattr(told, way.value))
        if not typed:
            continue
        made = addresses.read(way.value, typed)
        if made is None:
            return problem(Kind.UNFIT, f"contact.{way.value} is no address that can be sent to.")
        found.append(made)
    tag = told.language.partition("-")[0].lower()
    return Contact(tuple(found), tag if tag in languages() else "en", told.name)
