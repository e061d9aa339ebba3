"""What somebody must show to get a parcel: a carrier's rule, as data.

Whatever a rule says that is not known here, and a carrier without a rule, means: ask a supervisor.
Of what is shown only the answers are kept (security.md item 46).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar, assert_never

from kiosk.domain.counter.parcel_facts import ProofFact


class Proof(StrEnum):
    CODE = "code"
    NAME = "name"
    DOCUMENT = "document"
    AGE = "age"
    SIGNATURE = "signature"
    SUPERVISOR = "supervisor"


class Document(StrEnum):
    """Classes of identity documents that a rule may name."""

    PASSPORT = "passport"
    ID_CARD = "id_card"
    DRIVING_LICENCE = "driving_licence"
    RESIDENCE_PERMIT = "residence_permit"


Word = TypeVar("Word", bound=StrEnum)

ORDER = tuple(Proof)
"""The order in which proofs are asked for."""


@dataclass(frozen=True, slots=True)
class ProofRule:
    """What a carrier asks: all of `asks`. `documents` are the classes that will do, `age` the
    youngest age where AGE is asked. `proxies`: whether somebody else may collect."""

    asks: frozenset[Proof]
    documents: frozenset[Document] = frozenset(Document)
    age: int = 18
    proxies: bool = False


SUPERVISED = ProofRule(frozenset({Proof.SUPERVISOR}))
"""The rule where none is known."""
_NONE = "none"
_WORDS = frozenset({"ask", "documents", "age", "proxies"})


def read_rule(data: object) -> ProofRule:
    """A rule as a bundle or the settings bring it: `ask` lists proofs (or is ["none"]),
    `documents` classes, `age` years, `proxies` true or false. A supervisor is
    asked besides for all that is not understood: a word that is not known, a rule without `ask`,
    a wrong type."""
    if not isinstance(data, Mapping):
        return SUPERVISED
    asks, strange = _some_of(Proof, data.get("ask"))
    if asks is None:
        return SUPERVISED
    documents, odd = _some_of(Document, data.get("documents", tuple(Document)))
    age, proxies = data.get("age", 18), data.get("proxies", False)
    nothing = strange == {_NONE} and not asks
    if (
        not documents
        or odd
        or not isinstance(age, int)
        or isinstance(age, bool)
        or not 0 < age < 150
        or not isinstance(proxies, bool)
        or not (nothing or (asks and not strange))
        or not set(data) <= _WORDS
    ):
        return ProofRule(asks | {Proof.SUPERVISOR})
    return ProofRule(asks, documents, age, proxies)


def rule_for(rules: Mapping[str, ProofRule], carrier: str) -> ProofRule:
    """The rule of a carrier."""
    return rules.get(carrier, SUPERVISED)


def missing(rule: ProofRule, shown: ProofFact) -> tuple[Proof, ...]:
    """The proofs that are asked and were not shown, in the order to ask for them."""
    return tuple(proof for proof in ORDER if proof in rule.asks and not _shown(proof, rule, shown))


def born_by(today: date, age: int) -> date:
    """The latest birthday of somebody who is that old today. Who was born on 29 February is a year
    older on 1 March in a year without that day."""
    year = max(today.year - age, date.min.year)
    try:
        return today.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def asked_together(rules: Iterable[ProofRule]) -> tuple[Proof, ...]:
    """What is asked for several parcels at once, in order."""
    asks = {proof for rule in rules for proof in rule.asks}
    return tuple(proof for proof in ORDER if proof in asks)


def _shown(proof: Proof, rule: ProofRule, shown: ProofFact) -> bool:
    match proof:
        case Proof.CODE:
            return shown.code
        case Proof.NAME:
            return shown.name
        case Proof.DOCUMENT:
            return shown.matched and shown.document in rule.documents
        case Proof.SIGNATURE:
            return shown.signature != ""
        case Proof.AGE:
            return shown.of_age
        case Proof.SUPERVISOR:
            return shown.approved_by != ""
        case _:
            assert_never(proof)


def _some_of(kind: type[Word], data: object) -> tuple[frozenset[Word] | None, frozenset[str]]:
    """The words of a list that are known, and those that are not; None for what is no list."""
    if not isinstance(data, list | tuple) or not all(isinstance(word, str) for word in data):
        return None, frozenset()
    known = {word.value: word for word in kind}
    return (
        frozenset(known[word] for word in data if word in known),
        frozenset(word for word in data if word not in known),
    )
