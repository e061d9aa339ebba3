"""Other networks' return codes: opaque bearer secrets, told by a configured pattern.

Amazon, Happy Returns, Label Broker, Evri, InPost and the like publish no format. What such a
code says is nobody's business here: a form says what one looks like, the text is compared with
others only as a hash, and it is never decoded, shown or logged.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from kiosk.domain.codes import pattern as patterns
from kiosk.domain.codes.model import ThirdPartyReturn, Unreadable
from kiosk.domain.codes.presented import Presented
from kiosk.domain.reasons import Reason, Why

LEAST_BITS = 20  # of what a form leaves open; less could be tried out
MOST_FORMS = 32
_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


@dataclass(frozen=True, slots=True)
class ThirdPartyForm:
    """What a network's code looks like. `name` is 1 to 40 of a-z 0-9 - _; `pattern` is of
    kiosk.domain.codes.pattern, case-sensitive; `identifiers` are beginnings of the symbology
    identifiers it comes in (`]Q1`, `]d`), none for any. A scanner that names none may bring it
    whatever they say."""

    name: str
    pattern: str
    identifiers: tuple[str, ...] = ()


def problems(forms: Sequence[ThirdPartyForm]) -> list[str]:
    """What is wrong with a set of forms, as sentences for whoever configures it; empty is good."""
    found = [
        f"{form.name or 'a form without a name'}: {text}"
        for form in forms
        for text in _faults(form)
    ]
    if len(forms) > MOST_FORMS:
        found.append(f"there are more than {MOST_FORMS} forms")
    names = [form.name for form in forms]
    found += [f"{name}: there are two of this name" for name in set(names) if names.count(name) > 1]
    if found:
        return found
    return [
        f"{one.name} and {other.name}: one text may be of both forms"
        for one, other in combinations(forms, 2)
        if _may_meet(one, other)
    ]


def parse(
    presented: Presented, forms: Sequence[ThirdPartyForm]
) -> ThirdPartyReturn | Unreadable | None:
    """None where no form fits. Where two fit, it is neither, and both are named: `problems` tells
    of it before. A form that is none (its pattern is wrong) fits nothing."""
    fitting = [form for form in forms[:MOST_FORMS] if _fits(form, presented)]
    if len(fitting) > 1:
        names = ", ".join(form.name for form in fitting)
        return Unreadable(Reason(Why.CODE_AMBIGUOUS, {"forms": names}), "ambiguous")
    if not fitting:
        return None
    return ThirdPartyReturn(fitting[0].name, presented.line.encode("utf-8"))


def fingerprint(form: str, secret: bytes, pepper: bytes = b"") -> str:
    """What an authorisation keeps of such a code: HMAC-SHA256 in hex, keyed with `pepper`. The
    form's name is part of it, so that two networks never share one."""
    return hmac.new(pepper, form.encode() + b"\0" + secret, hashlib.sha256).hexdigest()


def _fits(form: ThirdPartyForm, presented: Presented) -> bool:
    if presented.aim and form.identifiers and not presented.aim.startswith(form.identifiers):
        return False
    try:
        return patterns.fits(patterns.compiled(form.pattern), presented.line)
    except patterns.PatternError:
        return False


def _faults(form: ThirdPartyForm) -> list[str]:
    found: list[str] = []
    if not (0 < len(form.name) <= 40 and set(form.name) <= _NAME):
        found.append("a name has 1 to 40 of a-z, 0-9, - and _")
    if not all(len(one) in (2, 3) and one[0] == "]" and one.isascii() for one in form.identifiers):
        found.append("an identifier is ] and one or two characters, as ]Q or ]Q1")
    try:
        parts = patterns.compiled(form.pattern)
    except patterns.PatternError as error:
        return [*found, str(error)]
    if sum(part.least * math.log2(len(part.members)) for part in parts) < LEAST_BITS:
        found.append(f"it leaves less than {LEAST_BITS} bits open: such a code can be guessed")
    return found


def _may_meet(one: ThirdPartyForm, other: ThirdPartyForm) -> bool:
    """Whatever their identifiers: a scanner that sends none brings either."""
    return patterns.overlap(patterns.compiled(one.pattern), patterns.compiled(other.pattern))
