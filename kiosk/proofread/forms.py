"""What is wrong with a file's forms of other networks' codes, and how to mend it."""

from __future__ import annotations

from typing import Any

import msgspec

from kiosk.domain.codes import third_party
from kiosk.domain.codes.third_party import ThirdPartyForm

_HEADER = "[[third_party]]"
_SHAPE = 'a form has a name, a pattern and, if need be, identifiers: name = "northbox", '
_REMEDY = (
    ("one text may be of both", "give one a beginning or a length that the other has not"),
    ("bits open", "take a longer class, as [0-9A-Z]{8}: a code that can be guessed is no secret"),
    ("two of this name", "name each network once"),
    ("identifier", "as ]Q for any QR code or ]d for any Data Matrix"),
    ("", "characters stand for themselves, [...] is a class, {8} its count: NBX-[0-9A-Z]{16}"),
)


def problems(text: str, data: object) -> list[tuple[int, str, str]]:
    """(line, name, problem and remedy) of each thing wrong with a file's `third_party` list.
    `text` is the file as TOML, to find the lines; they are 0 in any other notation."""
    if not isinstance(data, list):
        return [(0, "third_party", "is no list of tables")]
    lines = _lines(text)
    found: list[tuple[int, str, str]] = []
    forms: list[tuple[int, ThirdPartyForm]] = []
    for place, spec in enumerate(data):
        at = lines[place] if len(lines) == len(data) else 0
        form = _form(spec)
        if isinstance(form, ThirdPartyForm):
            forms.append((at, form))
        else:
            found.append((at, _name(spec, place), f"{form}; {_SHAPE}pattern = ..."))
    for problem in third_party.problems([form for _, form in forms]):
        subject, _, why = problem.partition(": ")
        name = subject.partition(" and ")[0]
        at = next((line for line, form in forms if form.name == name), 0)
        found.append((at, subject, f"{why or problem}; {_remedy(problem)}"))
    return found


def _form(spec: object) -> ThirdPartyForm | str:
    """The form, or what is wrong with its shape."""
    if not isinstance(spec, dict):
        return "is no table"
    unknown = set(spec) - {"name", "pattern", "identifiers"}
    if unknown:
        return f"does not know {', '.join(sorted(map(str, unknown)))}"
    try:
        return msgspec.convert(spec, type=ThirdPartyForm)
    except msgspec.ValidationError as error:
        return str(error)


def _name(spec: Any, place: int) -> str:
    named = spec.get("name") if isinstance(spec, dict) else None
    return named if isinstance(named, str) and named else f"form {place + 1}"


def _lines(text: str) -> list[int]:
    """Where each form begins."""
    rows = enumerate(text.splitlines(), 1)
    return [number for number, row in rows if row.replace(" ", "").startswith(_HEADER)]


def _remedy(problem: str) -> str:
    return next(remedy for sign, remedy in _REMEDY if sign in problem)
