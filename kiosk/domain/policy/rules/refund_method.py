"""How the shopper is paid back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, RefundMethod
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.says import Methods
from kiosk.domain.sentences import Sentence


@dataclass(frozen=True, slots=True)
class RefundMethods(FramedRule):
    """`methods`: one or more of "original", "store_credit", "exchange"; the first rule by priority
    counts. What the shopper chose before counts if it is among them; a single one needs no
    choice; otherwise the shopper is asked, once for the return. It grants nothing."""

    tag: ClassVar[str] = "refund_method"
    methods: tuple[RefundMethod, ...]

    @property
    def of_return(self) -> bool:
        return True

    def speak(self, facts: Facts) -> Methods:  # noqa: ARG002 - the same for every line
        return Methods(self.methods)

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        methods = reader.choices("methods", RefundMethod)
        if not methods:
            reader.wrong("methods", Sentence("must name a method"))
        return cls(frame, methods)
