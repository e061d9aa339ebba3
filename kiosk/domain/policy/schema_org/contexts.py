"""What the words of a JSON-LD document mean, by its @context, without ever fetching one.

The subset of JSON-LD 1.1 that pages use: schema.org's own context, @vocab, prefixes, terms and
aliases of keywords, nested and repeated. What is beyond it is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kiosk.domain.policy.schema_org.notes import Notes
from kiosk.domain.policy.schema_org.vocabulary import SCHEMA, is_context

MOST_TERMS, MOST_PARTS = 2_000, 20
_TERM = "@context"


@dataclass(frozen=True, slots=True)
class Context:
    """`vocab` goes in front of plain words, "" for none; `terms` are words with a meaning of
    their own, "" for none at all."""

    vocab: str = ""
    terms: Mapping[str, str] = field(default_factory=dict)

    def meaning(self, word: str) -> str:
        """The IRI or keyword a word stands for; "" for none."""
        if word.startswith("@"):
            return word
        if word in self.terms:
            return self.terms[word]
        iri = self.iri(word)
        if iri:
            return iri
        return self.vocab + word if self.vocab and ":" not in word else ""

    def iri(self, text: str) -> str:
        """A prefixed or full IRI written out; "" for anything else."""
        prefix, colon, rest = text.partition(":")
        if not colon or " " in text:
            return ""
        if rest.startswith("//"):
            return text
        if prefix in self.terms:
            return self.terms[prefix] + rest
        return SCHEMA + rest if prefix == "schema" else text


SCHEMA_ORG = Context(SCHEMA, {"id": "@id", "type": "@type"})


def enter(value: object, active: Context, notes: Notes, inside: bool = False) -> Context:
    """The context inside an object that carries `value` as its @context."""
    match value:
        case None:
            return Context()
        case str() if is_context(value):
            return Context(SCHEMA, {**active.terms, **SCHEMA_ORG.terms})
        case str():
            notes.person(_TERM, f"{value[:200]!r} is not read, as contexts are never fetched")
            return active
        case list() if not inside:
            for part in value[:MOST_PARTS]:
                active = enter(part, active, notes, inside=True)
            if len(value) > MOST_PARTS:
                notes.person(_TERM, f"has more than {MOST_PARTS} parts; the others are not read")
            return active
        case dict():
            return _defined(value, active, notes)
        case _:
            notes.person(_TERM, "is neither an address nor an object")
            return active


def _defined(value: Mapping[str, object], active: Context, notes: Notes) -> Context:
    vocab = value.get("@vocab", active.vocab)
    if vocab is not None and not isinstance(vocab, str):
        notes.person(_TERM, "@vocab is no text")
        vocab = ""
    if "@import" in value:
        notes.person(_TERM, "@import is not read, as contexts are never fetched")
    found = replace(active, vocab=_vocab(vocab or ""), terms=dict(active.terms))
    names = [name for name in value if not name.startswith("@")][:MOST_TERMS]
    if len(value) > MOST_TERMS:
        notes.person(_TERM, f"defines more than {MOST_TERMS} words; the others are not read")
    terms = dict(found.terms)
    for _ in range(2):  # a term may build on a prefix that stands behind it
        for name in names:
            terms[name] = _term(name, value[name], Context(found.vocab, terms), notes)
    return replace(found, terms=terms)


def _vocab(text: str) -> str:
    return SCHEMA if is_context(text) else text


def _term(name: str, definition: object, context: Context, notes: Notes) -> str:
    match definition:
        case None:
            return ""
        case str():
            given = definition
        case {"@reverse": _}:
            notes.person(_TERM, f"{name!r} turns a property round (@reverse), which is not read")
            return ""
        case {"@id": str(given)}:
            pass
        case {"@id": None}:
            return ""
        case dict():
            given = name
        case _:
            notes.person(_TERM, f"{name!r} is defined by neither a text nor an object")
            return ""
    if isinstance(definition, dict) and "@context" in definition:
        notes.person(_TERM, f"{name!r} has a context of its own, which is not read")
    if is_context(given):
        return SCHEMA  # a prefix
    if given == name:  # a word that stands for itself
        return context.iri(name) or (context.vocab + name if context.vocab else "")
    return context.meaning(given)
