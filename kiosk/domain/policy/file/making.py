"""A policy file made into rule specifications: what `kiosk.domain.policy.rules.build` reads.

One way only. Beside what the rules themselves read, a file may hold

- quantities as texts: `amount = "4.95 EUR"`, `days = "2 weeks"`, `percent = "2.5 %"`
  (kiosk.domain.policy.file.quantities);
- `[where.NAME]`: a condition with a name. `when = "NAME"` or a list of names takes it, and a
  condition takes it beside its own dimensions as `where = "NAME"`;
- `[calendars.NAME]` with `weekend` and `holidays`, which `calendar = "NAME"` brings into a window;
- days as TOML days.

Rules stand in `rules`, or in the `rules` of each `merchant`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.domain.policy import calendar, spelling
from kiosk.domain.policy.file import rewriting
from kiosk.domain.policy.file.advice import TOP, remedy
from kiosk.domain.policy.file.mistakes import Level, Mistake, Path, meant
from kiosk.domain.policy.file.rewriting import Wrong
from kiosk.domain.policy.file.source import Source, steps
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules import problems
from kiosk.domain.sentences import Sentence, at

NAMING = frozenset({"when", "unless", "where", "any", "all", "not", "calendar"})
"""Where a text is the name of a condition, or of a calendar."""
MERCHANT = (
    "id",
    "name",
    "support",
    "timezone",
    "theme",
    "instead",
    "rules",
    "order_prefix",
    "receipt",
    "questions",
)


@dataclass(frozen=True, slots=True)
class Shop:
    """One list of rules. `merchant_id` is "" for a file of one list; `paths` are where each
    specification stands."""

    merchant_id: str
    specs: tuple[Mapping[str, object], ...]
    paths: tuple[Path, ...]
    table: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """Rules with mistakes are among the specifications: they build to rules that say STAFF."""

    shops: tuple[Shop, ...]
    mistakes: tuple[Mistake, ...]


class _Making:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.mistakes: list[Mistake] = []
        self.names = rewriting.Names(self._conditions(), self._calendars())

    def say(self, path: Path, rule: str, problem: str, remedy: str = "") -> None:
        self.mistakes.append(self.source.mistake(path, rule, problem, remedy))

    def unused(self) -> None:
        """Conditions and calendars with a name that nobody says: most often a slip elsewhere."""
        said = set(_named_in(self.source.table, naming=False))
        for key in ("where", "calendars"):
            for name in self._named(key):
                if name not in said:
                    why = Sentence("no rule uses it")
                    mend = Sentence("leave {name} out", name=f"{key}.{name}")
                    one = self.source.mistake((key, name), name, why, mend, Level.WARNING)
                    self.mistakes.append(one)

    def _named(self, key: str) -> tuple[str, ...]:
        given = self.source.table.get(key)
        return tuple(given) if isinstance(given, Mapping) else ()

    def _tables(self, key: str) -> dict[str, Mapping[str, Any]]:
        """Every named table under `key`."""
        given = self.source.table.get(key, {})
        if not isinstance(given, Mapping):
            self.say((key,), key, Sentence("must be a table of tables"), write(f"[{key}.NAME]"))
            return {}
        for name, one in given.items():
            if not isinstance(one, Mapping):
                self.say((key, name), name, Sentence("must be a table"), write(f"[{key}.{name}]"))
        return {name: one for name, one in given.items() if isinstance(one, Mapping)}

    def _conditions(self) -> dict[str, Mapping[str, Any]]:
        made: dict[str, Mapping[str, Any]] = {}
        for name, table in self._tables("where").items():
            path: Path = ("where", name)
            condition, wrong = rewriting.condition(table, rewriting.Names(made, {}))
            self._tell(path, name, wrong)
            reader = Reader(condition)
            found = spelling.read(reader)
            reader.finish()
            if found.empty and not reader.problems:
                mend = Sentence("as {example}", example='category = ["shoes"]')
                self.say(path, name, Sentence("says nothing"), mend)
            self._problems(path, name, ("when",), reader.problems, condition)
            made[name] = condition
        return made

    def _calendars(self) -> dict[str, Mapping[str, Any]]:
        made: dict[str, Mapping[str, Any]] = {}
        for name, table in self._tables("calendars").items():
            plain = rewriting.plain(table)
            assert isinstance(plain, dict)
            reader = Reader(plain)
            calendar.read_calendar(reader)
            reader.finish()
            self._problems(("calendars", name), name, ("calendar",), reader.problems, plain)
            made[name] = plain
        return made

    def _tell(self, path: Path, rule: str, wrong: tuple[Wrong, ...]) -> None:
        for one in wrong:
            self.say((*path, *one.path), rule, at(_spelt(one.path), one.why), one.remedy)

    def _problems(
        self, path: Path, rule: str, within: Path, found: list[str], spec: Mapping[str, object]
    ) -> None:
        for problem in found:
            where, _, why = problem.partition(": ")
            at = steps(where)
            self.say((*path, *at), rule, problem, remedy((*within, *at), why, spec))

    def shop(self, merchant_id: str, base: Path, table: Mapping[str, Any]) -> Shop | None:
        given = table.get("rules", [])
        if not isinstance(given, list):
            why = Sentence("must be a list")
            self.say((*base, "rules"), merchant_id, why, write("[[rules]]"))
            return None
        specs: list[Mapping[str, object]] = []
        paths: list[Path] = []
        ids: set[str] = set()
        for place, spec in enumerate(given):
            path = (*base, "rules", place)
            name = f"{merchant_id}: " if merchant_id else ""
            if not isinstance(spec, Mapping):
                why = Sentence("is no table")
                self.say(path, f"{name}{place + 1}", why, write("[[rules]]"))
                continue
            rule_id = str(spec.get("id", place + 1))
            if rule_id in ids:
                why = at("id", Sentence("another rule of the list has it"))
                mend = Sentence("give it a name of its own")
                self.say((*path, "id"), f"{name}{rule_id}", why, mend)
            ids.add(rule_id)
            specs.append(self._rule(path, f"{name}{rule_id}", spec))
            paths.append(path)
        return Shop(merchant_id, tuple(specs), tuple(paths), table)

    def _rule(self, path: Path, name: str, spec: Mapping[str, Any]) -> Mapping[str, object]:
        made, wrong = rewriting.rule(spec, self.names)
        self._tell(path, name, wrong)
        told = {one.path[:1] for one in wrong}
        if wrong:  # an amount that cannot be read brings no currency either
            told.add(("currency",))
        found = [one for one in problems(made) if steps(one.partition(": ")[0])[:1] not in told]
        self._problems(path, name, ("rule",), found, made)
        return made


def _named_in(value: object, naming: bool) -> Iterator[str]:
    """Every name of a condition or calendar; `naming`: texts right here are names."""
    match value:
        case str() if naming:
            yield value
        case Mapping():
            for key, one in value.items():
                yield from _named_in(one, key in NAMING)
        case list():
            for one in value:
                yield from _named_in(one, naming)
        case _:
            pass


def compile_file(source: Source) -> Made:
    """Every shop's specifications, and everything that is wrong with any of them."""
    making = _Making(source)
    for key in source.table:
        if key not in TOP:
            making.say((key,), key, Sentence("is not known here"), meant(key, TOP))
    shops: list[Shop | None] = []
    if "rules" in source.table:
        shops.append(making.shop("", (), source.table))
    shops += _merchants(making)
    making.unused()
    mistakes = sorted(making.mistakes, key=lambda one: (one.line, one.column))
    return Made(tuple(shop for shop in shops if shop is not None), tuple(mistakes))


def _merchants(making: _Making) -> list[Shop | None]:
    given = making.source.table.get("merchant", [])
    if not isinstance(given, list):
        making.say(("merchant",), "merchant", Sentence("must be a list"), write("[[merchant]]"))
        return []
    found: list[Shop | None] = []
    ids: set[str] = set()
    for place, table in enumerate(given):
        path: Path = ("merchant", place)
        if not isinstance(table, Mapping):
            making.say(path, "merchant", Sentence("is no table"), write("[[merchant]]"))
            continue
        merchant_id = table.get("id")
        if not isinstance(merchant_id, str) or not merchant_id:
            mend = Sentence("as {example}", example='id = "linden"')
            making.say(path, "merchant", at("id", Sentence("must be a text")), mend)
            merchant_id = f"merchant {place + 1}"
        if merchant_id in ids:
            why = at("id", Sentence("another merchant has it"))
            mend = Sentence("put both lists of rules into one")
            making.say((*path, "id"), merchant_id, why, mend)
        ids.add(merchant_id)
        for key in table:
            if key not in MERCHANT:
                one = making.source.mistake(
                    (*path, key),
                    merchant_id,
                    at(key, Sentence("is not read here")),
                    meant(key, MERCHANT),
                    Level.WARNING,
                )
                making.mistakes.append(one)
        found.append(making.shop(merchant_id, path, table))
    return found


def write(example: str) -> Sentence:
    return Sentence("write {example}", example=example)


def _spelt(path: Path) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text
