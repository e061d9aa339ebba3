"""What a hand-held scanner's settings lack, told by what it sent. Pure; for `takeback scan --held`.

TEST_TEXT holds what goes wrong first: letters and signs that lie elsewhere on other keyboards,
capitals, an accent's sign, and a group separator.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from drivers.scanners.held.keymap import SEPARATORS, Keyboard
from drivers.scanners.held.layouts import LAYOUTS
from drivers.scanners.held.typed import End, Form, Sent, scanned

TEST_TEXT = "TAKEBACK yYzZ aAqQ wWmM 0123456789 -_+=/.,;: !?@#$%&* ()[]{}<> 'a\"e`o~n^i|\\ \x1d."
SLOW_MS = 35.0  # from here on the window's second line takes a scanner for a person


class Finding(StrEnum):
    """What was noticed."""

    GOOD = "good"
    NO_IDENTIFIER = "no identifier"
    NO_END = "no end"
    INCOMPLETE = "incomplete"
    SLOW = "slow"
    LAYOUT = "layout"
    CASE = "case"
    SEPARATOR = "separator"
    DRESSED = "dressed"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Advice:
    """One finding, with the mend in an engineer's words."""

    finding: Finding
    mend: str


def advice(sent: Sent, form: Form | None = None, layout: str = "us") -> tuple[Advice, ...]:
    """What to change in a scanner, or in its table of the settings; gravest first. `form` and
    `layout` are what the settings say now; `layout` counts for scanners that type only."""
    if not sent.whole:
        return (_broken(sent),)
    found: list[Advice] = []
    scan = scanned(sent.payload, "", 0.0, sent.aim, form)
    text = "" if scan is None else scan.raw.decode("utf-8", "replace")
    if "TAKEBACK" in text.upper() or _layouts_of_test(sent, form, LAYOUTS):
        found += _of_test(sent, form, layout, text)
    if scan is not None and not scan.aim:
        found.append(
            Advice(
                Finding.NO_IDENTIFIER,
                "Switch on the AIM identifier (symbology identifier) as a prefix; not the maker's "
                "own code ID.",
            )
        )
    if sent.keys and sent.slowest > SLOW_MS:
        found.append(
            Advice(
                Finding.SLOW,
                f"It paused {sent.slowest:.0f} ms between two keys: set the delay between keys to "
                "none, or bring a cordless one nearer to its base.",
            )
        )
    return tuple(found) or (Advice(Finding.GOOD, ""),)


def _broken(sent: Sent) -> Advice:
    if sent.end is not End.NONE:
        return Advice(
            Finding.INCOMPLETE,
            "Some of it was lost on the way, or it was longer than any code: plug it straight "
            "into the machine, try another cable.",
        )
    return Advice(
        Finding.NO_END,
        'Nothing came after the code: set the suffix CR (Enter), or set suffix = "none" in the '
        "settings, which ends a code by a pause.",
    )


def _of_test(sent: Sent, form: Form | None, layout: str, text: str) -> list[Advice]:
    """The test text came, more or less."""
    if text == TEST_TEXT:
        return []
    if text == _without_separators(TEST_TEXT):
        return [
            Advice(
                Finding.SEPARATOR,
                "It swallows group separators (FNC1, GS): switch control characters on, as Ctrl + "
                "key or in ALT mode.",
            )
        ]
    fitting = _layouts_of_test(sent, form, set(LAYOUTS) - {layout})
    if fitting:
        name = fitting[0]
        return [
            Advice(
                Finding.LAYOUT,
                f'It types as a keyboard "{name}": set it to US English, or set layout = "{name}" '
                "in the settings.",
            )
        ]
    if text.swapcase() == TEST_TEXT or text.lower() == TEST_TEXT.lower():
        return [Advice(Finding.CASE, "It changes the case of letters: switch case conversion off.")]
    before, there, after = text.partition(TEST_TEXT)
    if there:
        options = [
            f"{key} = {part!r}" for key, part in (("prefix", before), ("tail", after)) if part
        ]
        return [
            Advice(
                Finding.DRESSED,
                "It adds text of its own: remove that in the scanner, or tell the settings: "
                + ", ".join(options),
            )
        ]
    return [
        Advice(
            Finding.DIFFERENT,
            f"The test code came as {text!r}: look at the first "
            f"difference, character {_first_difference(text) + 1}.",
        )
    ]


def _first_difference(text: str) -> int:
    pairs = zip(text, TEST_TEXT, strict=False)
    same = next((i for i, (a, b) in enumerate(pairs) if a != b), None)
    return min(len(text), len(TEST_TEXT)) if same is None else same


def _layouts_of_test(sent: Sent, form: Form | None, names: Iterable[str]) -> list[str]:
    """In which of these layouts the keys spell the test text, with or without its separator."""
    wanted = (TEST_TEXT, _without_separators(TEST_TEXT))
    return [name for name in LAYOUTS if name in names and _as(sent, name, form) in wanted]


def _as(sent: Sent, name: str, form: Form | None) -> str:
    keyboard = Keyboard(LAYOUTS[name])
    typed = "".join(keyboard.event(code, value) for code, value in sent.keys)
    scan = scanned(typed.rstrip("\r\n\t").encode(), "", 0.0, form=form)
    return "" if scan is None else scan.raw.decode("utf-8", "replace")


def _without_separators(text: str) -> str:
    return "".join(char for char in text if char not in SEPARATORS)
