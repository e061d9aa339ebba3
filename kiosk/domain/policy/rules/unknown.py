"""A rule this kiosk does not understand: wherever it would apply, a person must decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Unknown(FramedRule):
    """Says STAFF. Not in RULES: a bundle cannot ask for it by name."""

    tag: ClassVar[str] = "unknown"

    @property
    def of_return(self) -> bool:
        return True

    def speak(self, facts: Facts) -> Finding:  # noqa: ARG002 - the same for every line
        return finding(self.rule_id)

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        reader.wrong("rule", Sentence("is not known to this version"))
        return cls(frame)


def finding(rule_id: str) -> Finding:
    """What stands in for a rule that cannot judge."""
    return Finding(Outcome.STAFF, Reason(Why.RULE_UNKNOWN, {"rule": rule_id}))
