"""What notices say: the shipped words, a tenant's own and a merchant's, and what may stand in them.

A template is a subject, a text, and a short form for ways that have room for a few words. The
HTML of an e-mail is made of its text (sync.central.notices.letters), so that the two never say
different things, and nobody can break what a screen reader needs. Templates know placeholders and
conditions, and nothing else of Jinja: no loop that never ends, no call, no filter.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from kiosk import words
from sync.central.notices.model import Kind
from sync.central.tables import notice_templates

if TYPE_CHECKING:
    from jinja2 import nodes
    from jinja2.sandbox import ImmutableSandboxedEnvironment

_DATA: Final = Path(__file__).parents[3] / "assets" / "notices"
SOURCE: Final = "en"
DEEPEST: Final = 5
LONGEST: Final = {"subject": 200, "body": 5000, "short": 1000}
_PARCEL: Final = frozenset({"shop", "shop_address", "hours", "support", "name", "carrier"})
_WAITING: Final = _PARCEL | {"count", "many", "last_day", "last_day_short", "code"}
_RETURN: Final = frozenset({"merchant", "order", "support", "name"})
PLACEHOLDERS: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.ARRIVED: _WAITING,
    Kind.REMINDER: _WAITING,
    Kind.LAST_DAY: _WAITING,
    Kind.COLLECTED: _PARCEL,
    Kind.DROPPED_OFF: _RETURN | {"receipt"},
    Kind.REFUNDED: _RETURN | {"amount"},
}
NEEDED: Final[Mapping[Kind, str]] = {
    Kind.ARRIVED: "code",
    Kind.REMINDER: "code",
    Kind.LAST_DAY: "code",
    Kind.COLLECTED: "shop",
    Kind.DROPPED_OFF: "receipt",
    Kind.REFUNDED: "amount",
}
"""Without it a text and a short form are of no use."""


@dataclass(frozen=True, slots=True)
class Words:
    """A template."""

    subject: str
    body: str
    short: str

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """Each with its name."""
        return (("subject", self.subject), ("body", self.body), ("short", self.short))


@cache
def shipped(kind: Kind, language: str) -> Words:
    """The words that come with the centre; English where there are none in a language."""
    spoken = language if language in words.languages() else SOURCE
    told = tomllib.loads((_DATA / f"{spoken}.toml").read_text("utf-8"))[kind.value]
    return Words(told["subject"], told["body"].strip(), told["short"])


def in_force(
    c: sa.Connection, tenant: str, merchant_id: str, kind: Kind, language: str
) -> tuple[Words, str]:
    """What counts, and whose it is: "merchant", "tenant" or "shipped". A language that nobody
    wrote in is the shipped one's; the house's words go before English."""
    spoken = language if language in words.languages() else SOURCE
    for whose in dict.fromkeys((merchant_id, "")):
        found = newest(c, tenant, whose, kind, spoken)
        if found is not None:
            return found, "merchant" if whose else "tenant"
    return shipped(kind, spoken), "shipped"


def newest(
    c: sa.Connection, tenant: str, merchant_id: str, kind: Kind, language: str
) -> Words | None:
    """Somebody's own words; None where they have none, or gave them up."""
    t = notice_templates.c
    mine = sa.and_(
        t.tenant == tenant,
        t.merchant_id == merchant_id,
        t.kind == kind.value,
        t.language == language,
    )
    row = c.execute(
        sa.select(notice_templates).where(mine).order_by(t.version.desc()).limit(1)
    ).one_or_none()
    return None if row is None or not row.body else Words(row.subject, row.body, row.short)


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, cache_size=0)
    made.globals.clear()
    made.filters.clear()
    made.tests.clear()
    return made


class Unfit(Exception):
    """A template that cannot be read, or that asks for more than there is."""


def parsed(text: str) -> tuple[nodes.Template, frozenset[str]]:
    """A template and the placeholders that it names. Raises Unfit."""
    from jinja2 import TemplateSyntaxError, nodes

    allowed = (
        nodes.Template,
        nodes.Output,
        nodes.TemplateData,
        nodes.Name,
        nodes.If,
        nodes.Not,
        nodes.And,
        nodes.Or,
    )
    try:
        tree = _environment().parse(text)
        names = set()
        for node in tree.find_all(nodes.Node):
            if not isinstance(node, allowed):
                raise Unfit("more than placeholders and conditions")
            if isinstance(node, nodes.Name):
                names.add(node.name)
        if _deep(tree):
            raise Unfit("conditions within conditions")
    except (TemplateSyntaxError, RecursionError) as error:
        raise Unfit("cannot be read") from error
    return tree, frozenset(names)


def _deep(tree: nodes.Template) -> bool:
    """Whether conditions stand in conditions further than anybody reads: Python would not
    compile what is made of a hundred."""
    from jinja2 import nodes

    level: list[nodes.Node] = [tree]
    for _ in range(DEEPEST + 1):
        level = [one for node in level for one in _within(node) if isinstance(one, nodes.If)]
    return bool(level)


def _within(node: nodes.Node) -> Iterator[nodes.Node]:
    """Everything in a node down to the next conditions."""
    from jinja2 import nodes

    for child in node.iter_child_nodes():
        yield child
        if not isinstance(child, nodes.If):
            yield from _within(child)


def filled(text: str, values: Mapping[str, str]) -> str:
    """A template with its values, each of which is one line of printable text: nothing that
    somebody is called becomes a line, a header or a paragraph of its own. Raises Unfit."""
    from jinja2 import UndefinedError

    tree, _ = parsed(text)
    plain = {name: one_line(value) for name, value in values.items()}
    made = _environment()
    template = made.template_class.from_code(made, made.compile(tree), {})
    try:
        return template.render(plain)
    except UndefinedError as error:
        raise Unfit("asks for what there is not") from error


def one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
