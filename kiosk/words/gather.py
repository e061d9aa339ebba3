"""Gathers every sentence of the sources, and brings the .po files up to date with them.

    python -m kiosk.words.gather              update every assets/i18n/*.po
    python -m kiosk.words.gather --add it     begin a language
    python -m kiosk.words.gather --check      change nothing; fail where something is missing

Sentences are the literal first arguments of `t(...)`, `n(singular, plural, ...)` and
`Sentence(...)` (kiosk.domain.sentences) in Python files and in the centre's pages. Needs Babel (and
Jinja for the pages); no kiosk imports this.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Final

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from kiosk.words import catalogue

ROOT: Final = Path(__file__).resolve().parents[2]
_FOLDERS = ("kiosk", "ui", "sync", "drivers")
_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "t": None,
    "_t": None,
    "n": (1, 2),
    "Sentence": None,
}
_MAY_SAY = re.compile(rf"\b({'|'.join(_KEYWORDS)})\s*\(")
"""What stands in every Python file that says something: the others are not worth parsing."""
_HEADER = "# Takeback. Message ids are the English sentences; braces hold what is filled in."
_DATED = (
    '"POT-Creation-Date',
    '"PO-Revision-Date',
    '"Last-Translator',
    '"Language-Team',
    '"Generated-By',
    '"Report-Msgid',
    '"Project-Id',
)
_METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract"}


def sources(root: Path) -> Iterator[Path]:
    """Every file that may hold sentences, in a stable order."""
    for folder in _FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in _METHODS and path.is_file() and _may_say(path):
                yield path


def _may_say(path: Path) -> bool:
    """Whether it may hold a sentence; in a page anything may, a `t` in any of its blocks."""
    return path.suffix != ".py" or _MAY_SAY.search(path.read_text("utf-8")) is not None


def gather(root: Path = ROOT) -> Catalog:
    """Every sentence of the sources with the files it stands in (no line numbers: those would
    change every catalogue with every edit)."""
    catalog = Catalog(project="takeback", charset="utf-8")
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        found = extract_from_file(_METHODS[path.suffix], str(path), keywords=_KEYWORDS)
        for _, message, _, context in found:
            catalog.add(message, locations=[(name, 0)], context=context)
    return catalog


def problems(po: Path, template: Catalog) -> list[str]:
    """What keeps a .po file from being complete; each a sentence for the translator."""
    with po.open("rb") as file:
        catalog = read_po(file, locale=po.stem)
    return [
        f"{po.name}: {problem}: {_texts(message.id)[0]!r}"
        for message in template
        if message.id
        for problem in _faults(message, catalog)
    ]


def _faults(source: Message, catalog: Catalog) -> list[str]:
    mine = catalog.get(source.id, source.context)
    translated = () if mine is None else _texts(mine.string)
    if mine is None or not translated or not all(translated):
        return ["not translated"]
    faults = ["only guessed"] if mine.fuzzy else []
    if source.pluralizable and len(translated) != catalog.num_plurals:
        faults.append(f"needs {catalog.num_plurals} forms")
    return faults + _misplaced(_texts(source.id), translated)


def _misplaced(source: tuple[str, ...], translated: tuple[str, ...]) -> list[str]:
    """Placeholders must be those of the source. A plural form may leave out `{n}`: languages
    with a form for one or two write the number as a word."""
    wanted = frozenset[str]().union(*(placeholders(text) for text in source))
    must = wanted - {"n"} if len(source) > 1 else wanted
    faults: list[str] = []
    for text in translated:
        try:
            has = placeholders(text)
        except ValueError as error:
            faults.append(f"broken placeholders ({error})")
            continue
        if not must <= has <= wanted:
            faults.append(f"placeholders differ in {text!r}")
    return faults


def _texts(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """A message's forms: one, or one for each plural; babel leaves empty ones None."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(text or "" for text in value)


def placeholders(text: str) -> frozenset[str]:
    """The names in braces. Raises ValueError for braces that do not pair."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def update(po: Path, template: Catalog) -> None:
    """Bring one file up to date: new sentences empty, dropped ones gone, the others as they
    were. Nothing is guessed: a similar sentence is not a translation. Running it twice changes
    nothing, so the header carries no dates."""
    kept = Catalog(locale=po.stem)
    if po.exists():
        with po.open("rb") as file:
            kept = read_po(file, locale=po.stem)
    fresh = Catalog(locale=Locale.parse(po.stem), header_comment=_HEADER, fuzzy=False)
    for message in template:
        if message.id:
            old = kept.get(message.id, message.context)
            string = old.string if old is not None and not old.fuzzy else ""
            fresh.add(message.id, string, locations=message.locations, context=message.context)
    text = io.BytesIO()
    write_po(text, fresh, width=100, sort_output=True, include_lineno=False)
    lines = text.getvalue().decode().splitlines(keepends=True)
    po.write_text("".join(line for line in lines if not line.startswith(_DATED)), "utf-8")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m kiosk.words.gather", description="Sentences.")
    parser.add_argument("--add", metavar="LANG", help="begin a language, for example it or pt_BR")
    parser.add_argument("--check", action="store_true", help="change nothing, report what misses")
    parser.add_argument("--folder", type=Path, default=catalogue.FOLDER, help="where the .po are")
    chosen = parser.parse_args(arguments)
    template = gather()
    folder: Path = chosen.folder
    files = sorted(folder.glob("*.po"))
    if chosen.add:
        files.append(folder / f"{Locale.parse(chosen.add, sep='_')}.po")
    missing: list[str] = []
    for po in dict.fromkeys(files):
        if not chosen.check:
            update(po, template)
        missing += problems(po, template)
    for line in missing:
        print(line)
    print(f"{len(template)} sentences, {len(set(files))} languages, {len(missing)} open")
    return 1 if chosen.check and missing else 0


if __name__ == "__main__":
    sys.exit(main())
