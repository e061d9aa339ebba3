"""A merchant's return policy, as its own web page tells it to search engines, made into rules.

Reads schema.org/MerchantReturnPolicy in JSON-LD. What comes out is a start for a merchant's own
policy file, with everything told that was taken for granted or left out. It fails closed: where
the page contradicts itself, is not understood, or leaves open what a verdict needs, a rule says
STAFF. Nothing is fetched, neither contexts nor links.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.policy.schema_org import finding, graph, making, pages
from kiosk.domain.policy.schema_org.drafts import Spec
from kiosk.domain.policy.schema_org.notes import Kind, Note, Notes
from kiosk.domain.policy.schema_org.options import DEFECTS, Options
from kiosk.domain.policy.schema_org.pages import Unreadable

__all__ = ["DEFECTS", "Imported", "Kind", "Note", "Options", "Unreadable", "read"]


@dataclass(frozen=True, slots=True)
class Imported:
    """`rules` are specifications for kiosk.domain.policy.rules.build; `policies` is how many the
    page holds."""

    rules: tuple[Spec, ...]
    notes: tuple[Note, ...]
    policies: int

    @property
    def needs_a_person(self) -> bool:
        return any(note.kind is Kind.PERSON for note in self.notes)


def read(data: bytes, options: Options | None = None) -> Imported | Unreadable:
    """The rules of a file: JSON-LD, or HTML that holds it. Pure; never raises for any content."""
    blocks = pages.read(data)
    if isinstance(blocks, Unreadable):
        return blocks
    notes = Notes()
    for block in blocks:
        if block.fault:
            notes.where = block.name
            notes.person("", block.fault)
    try:
        nodes = graph.nodes([block for block in blocks if not block.fault], notes)
    except graph.TooMuch as error:
        return Unreadable(str(error))
    found = finding.policies(nodes)
    if not found:
        return Unreadable(_nothing(notes))
    if len(found) > finding.MOST_POLICIES:
        return Unreadable(f"holds more than {finding.MOST_POLICIES} policies")
    rules = making.rules(found, notes, options or Options())
    return Imported(tuple(rules), tuple(notes.all), len(found))


def _nothing(notes: Notes) -> str:
    why = "; ".join(
        f"{note.term}: {note.text}" if note.term else note.text
        for note in notes.all
        if note.kind is Kind.PERSON
    )
    return "holds no MerchantReturnPolicy" + (f" ({why[:500]})" if why else "")
