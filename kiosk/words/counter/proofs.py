"""What is asked of somebody who comes for parcels: questions, answers, kinds of documents."""

from __future__ import annotations

from typing import assert_never

from kiosk.domain.counter.proving import Document, Proof
from kiosk.words.voice import Voice


def question(w: Voice, proof: Proof) -> str:
    """What staff look at now, in a few words."""
    match proof:
        case Proof.CODE:
            return w.t("Ask for the pick-up code")
        case Proof.NAME:
            return w.t("Ask for the name")
        case Proof.DOCUMENT:
            return w.t("Look at a document")
        case Proof.AGE:
            return w.t("Look at the date of birth")
        case Proof.SIGNATURE:
            return w.t("Have them sign")
        case Proof.SUPERVISOR:
            return w.t("A supervisor must agree")
        case _:
            assert_never(proof)


def what_counts(w: Voice, proof: Proof) -> str:
    """What makes it right, in one plain sentence."""
    match proof:
        case Proof.CODE:
            return w.t("Scan it, or type it.")
        case Proof.NAME:
            return w.t("It must be the one on the label.")
        case Proof.DOCUMENT:
            return w.t("The name must be the one on the label. Touch what you saw.")
        case Proof.AGE:
            return w.t("Born on this day or before is old enough.")
        case Proof.SIGNATURE:
            return w.t("On the screen, once all parcels are here.")
        case Proof.SUPERVISOR:
            return w.t("With badge and PIN, here at this screen.")
        case _:
            assert_never(proof)


def shown(w: Voice, proof: Proof) -> str:
    """The key that says that it was right."""
    match proof:
        case Proof.CODE | Proof.DOCUMENT:
            return ""  # a code is scanned, a document has a key for each kind
        case Proof.NAME:
            return w.t("The name is right")
        case Proof.AGE:
            return w.t("Old enough")
        case Proof.SIGNATURE:
            return w.t("Sign now")
        case Proof.SUPERVISOR:
            return w.t("A supervisor is here")
        case _:
            assert_never(proof)


def not_shown(w: Voice, proof: Proof) -> str:
    """The key that says that it was not."""
    match proof:
        case Proof.CODE:
            return w.t("No code")
        case Proof.NAME:
            return w.t("Another name")
        case Proof.DOCUMENT:
            return w.t("No such document")
        case Proof.AGE:
            return w.t("Too young")
        case Proof.SIGNATURE:
            return w.t("They do not sign")
        case Proof.SUPERVISOR:
            return w.t("Nobody is here")
        case _:
            assert_never(proof)


def document(w: Voice, kind: Document) -> str:
    """A kind of document."""
    match kind:
        case Document.PASSPORT:
            return w.t("Passport")
        case Document.ID_CARD:
            return w.t("Identity card")
        case Document.DRIVING_LICENCE:
            return w.t("Driving licence")
        case Document.RESIDENCE_PERMIT:
            return w.t("Residence permit")
        case _:
            assert_never(kind)
