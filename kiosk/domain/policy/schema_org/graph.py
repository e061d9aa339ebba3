"""A JSON-LD document as nodes with properties: names resolved, references followed.

Nodes of one @id are one, wherever in the document they stand; they may refer to each other in
circles. Nothing is copied, so a document cannot grow while it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kiosk.domain.policy.schema_org.contexts import SCHEMA_ORG, Context, enter
from kiosk.domain.policy.schema_org.notes import Notes
from kiosk.domain.policy.schema_org.pages import Block
from kiosk.domain.policy.schema_org.vocabulary import local

MOST_DEPTH = 50
MOST_VALUES = 300_000
MOST_CONTEXTS = 2_000
SHORT = 50
_WITHOUT_MEANING = frozenset({"@context", "@index", "@language", "@direction"})


class TooMuch(ValueError):
    """Deeper or larger than any shop's page."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number or flag; `iri` is what a text stands for where it is a prefixed or full
    IRI."""

    value: str | int | Decimal | bool
    iri: str = ""


@dataclass(slots=True, eq=False)
class Node:
    """One thing. `properties` by schema.org's words; `foreign` are those of other vocabularies,
    and words without a meaning."""

    id: str = ""
    types: set[str] = field(default_factory=set)
    properties: dict[str, list[Value]] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)

    def get(self, name: str) -> list[Value]:
        return self.properties.get(name, [])


Value = Literal | Node


class Reader:
    """Reads blocks into `nodes`, in the order they stand."""

    def __init__(self, notes: Notes) -> None:
        self.nodes: list[Node] = []
        self._named: dict[str, Node] = {}
        self._notes = notes
        self._count = self._contexts = 0

    def block(self, block: Block) -> None:
        """One document. TooMuch where it is beyond all measure."""
        self._notes.where = block.name
        tops = block.value if isinstance(block.value, list) else [block.value]
        if any(isinstance(top, dict) and "@context" not in top for top in tops):
            self._notes.assumed("@context", "is missing; the words are taken as schema.org's")
        for top in tops:
            if isinstance(top, dict):
                self._node(top, SCHEMA_ORG if "@context" not in top else Context(), 1)
            else:
                self._notes.person("", "holds something that is no object")

    def _tick(self, depth: int) -> None:
        self._count += 1
        if depth > MOST_DEPTH:
            raise TooMuch(f"is nested deeper than {MOST_DEPTH}")
        if self._count > MOST_VALUES:
            raise TooMuch(f"holds more than {MOST_VALUES} values")

    def _node(self, given: dict[str, Any], context: Context, depth: int) -> Node:
        self._tick(depth)
        if "@context" in given:
            self._contexts += 1
            if self._contexts > MOST_CONTEXTS:
                raise TooMuch(f"holds more than {MOST_CONTEXTS} contexts")
            context = enter(given["@context"], context, self._notes)
        keys = [(key, context.meaning(key)) for key in given]
        node = self._of_id(next((given[key] for key, m in keys if m == "@id"), ""), context)
        for key, meaning in keys:
            self._fill(node, key, meaning, given[key], context, depth)
        return node

    def _of_id(self, given: Any, context: Context) -> Node:
        name = (context.iri(given) or given) if isinstance(given, str) else ""
        node = self._named.get(name) if name else None
        if node is None:
            node = Node(name)
            self.nodes.append(node)
            if name:
                self._named[name] = node
        return node

    def _fill(
        self, node: Node, key: str, meaning: str, value: Any, context: Context, depth: int
    ) -> None:
        match meaning:
            case "@type":
                for word in value if isinstance(value, list) else [value]:
                    iri = context.meaning(word) if isinstance(word, str) else ""
                    if iri:
                        node.types.add(local(iri) or iri)
            case "@graph" | "@included":
                for _ in self._values(value, context, depth + 1):
                    pass
            case "@nest":
                self._tick(depth)
                for part in value if isinstance(value, list) else [value]:
                    if isinstance(part, dict):
                        for inner in part:
                            name = context.meaning(inner)
                            self._fill(node, inner, name, part[inner], context, depth + 1)
            case "@reverse":
                self._notes.person("@reverse", "properties turned round are not read")
            case "@id":
                pass
            case _ if meaning in _WITHOUT_MEANING:
                pass
            case _ if name := local(meaning):
                known = node.properties.setdefault(name, [])
                for one in self._values(value, context, depth + 1):
                    # Of a long list a value that comes twice is no harm; searching it would be.
                    if len(known) >= SHORT or one not in known:
                        known.append(one)
            case _:
                node.foreign.add(key)

    def _values(self, value: Any, context: Context, depth: int) -> Iterator[Value]:
        self._tick(depth)
        match value:
            case None:
                return
            case list():
                for part in value:
                    yield from self._values(part, context, depth + 1)
            case dict():
                yield from self._of_object(value, context, depth)
            case str():
                yield Literal(value, context.iri(value.strip()))
            case bool() | int() | Decimal():
                yield Literal(value)

    def _of_object(self, value: dict[str, Any], context: Context, depth: int) -> Iterator[Value]:
        meanings = {context.meaning(key): key for key in value}
        for wrapper in ("@set", "@list", "@value"):
            if wrapper in meanings:
                yield from self._values(value[meanings[wrapper]], context, depth + 1)
                return
        yield self._node(value, context, depth)


def nodes(blocks: Iterable[Block], notes: Notes) -> list[Node]:
    """All nodes of a file. TooMuch where it is beyond all measure."""
    reader = Reader(notes)
    for block in blocks:
        reader.block(block)
    notes.where = ""
    return reader.nodes
