"""A problem as a value that can be said in any language: what it says, and what it says it of.

What checks find (policy files, files of partners) is told by the command line, on pages and in
logs. A `Sentence` is its English for whoever only prints it; `kiosk.words.voice.Voice.sentence`
says it in the reader's language, as its template is a message of the catalogues.

    Sentence("there is no column {name}", name="'Scan'")

Templates are literals: the catalogues are gathered from them. Names of keys, file forms and
whatever else is the same in every language are fields, never part of a template.
"""

from __future__ import annotations


class Sentence(str):
    """English text that keeps what it was made of. `template` has {names}; `fields` fill them:
    texts, numbers, or sentences within the sentence."""

    __slots__ = ("fields", "template")
    template: str
    fields: dict[str, str | int]

    def __new__(cls, template: str, /, **fields: str | int) -> Sentence:
        made = super().__new__(cls, template.format(**fields))
        made.template, made.fields = template, fields
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, str | int]]:
        """Copied and pickled by what it was made of."""
        return (self.template,), self.fields


def at(place: str, why: str) -> Sentence:
    """What is wrong with one key, column or field: "delimiter: is one character"."""
    return Sentence("{place}: {why}", place=place, why=why)
