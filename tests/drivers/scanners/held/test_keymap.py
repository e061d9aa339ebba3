"""What a scanner's keys mean: layouts, accents, Ctrl, ALT numbers, function keys."""

from __future__ import annotations

import ctypes
import ctypes.util
from pathlib import Path

import pytest

from drivers.scanners.held.evdev import EVENT
from drivers.scanners.held.keymap import Keyboard
from drivers.scanners.held.layouts import LAYOUTS
from tests.drivers.scanners.held.typing_scanner import (
    ALT_GR,
    BRACKET,
    CAPS,
    KEYPAD,
    LEFT_ALT,
    LEFT_CTRL,
    LEFT_SHIFT,
    by_number,
    chord,
    event,
    keys_for,
    tap,
    with_key,
)

ASCII = "".join(map(chr, range(32, 127)))


def read(data: bytes, keyboard: Keyboard | None = None) -> str:
    keyboard = keyboard or Keyboard()
    keys = [e for e in EVENT.iter_unpack(data) if e[2] == 1]
    return "".join(keyboard.event(code, value) for _, _, _, code, value in keys)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_every_printable_character_of_ascii_in_every_layout(layout) -> None:
    """By a key where the layout has one, dead ones with a space; else by ALT and its number."""
    keys = b"".join(keys_for(char, layout) for char in ASCII)
    assert read(keys, Keyboard(layout)) == ASCII


@pytest.mark.parametrize(
    ("layout", "text"),
    [
        ("de", "Grüße ÄÖÜ €²³µ"),
        ("fr", "çà é è ù ² € £"),
        ("es", "ñÑ ç ¿ ¡ €"),
        ("it", "è é ò à ù § €"),
        ("uk", "£ ¬ €"),
        ("us-intl", "ä ñ ß € ø"),
    ],
)
def test_letters_of_a_language(layout, text) -> None:
    keys = b"".join(keys_for(char, LAYOUTS[layout]) for char in text)
    assert read(keys, Keyboard(LAYOUTS[layout])) == text


def test_digits_of_a_french_board_need_shift() -> None:
    digits = "".join(str(n) for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 0))
    keys = b"".join(with_key(LEFT_SHIFT, code) for code in range(2, 12))
    assert read(keys, Keyboard(LAYOUTS["fr"])) == digits
    assert read(keys, Keyboard(LAYOUTS["us"])) == "!@#$%^&*()"


@pytest.mark.parametrize(
    ("after", "typed"),
    [(18, "ê"), (57, "^"), (48, "^b"), (26, "^")],
    ids=["a vowel", "a space", "another letter", "itself"],
)
def test_an_accent_waits_for_the_next_key(after, typed) -> None:
    """French ^ and then: joined, alone, before, or still waiting."""
    assert read(tap(26) + tap(after), Keyboard(LAYOUTS["fr"])) == typed


def test_an_accent_and_shift_between_its_keys() -> None:
    keys = tap(26) + with_key(LEFT_SHIFT, 18)
    assert read(keys, Keyboard(LAYOUTS["fr"])) == "Ê"


def test_an_accent_before_enter_is_typed_before_it() -> None:
    assert read(tap(26) + tap(28), Keyboard(LAYOUTS["fr"])) == "^\r"


# --- locks ----------------------------------------------------------------------------------------


def test_caps_lock_turns_letters_only() -> None:
    assert read(tap(CAPS) + tap(30) + tap(2) + with_key(LEFT_SHIFT, 30)) == "A1a"


def test_caps_lock_turns_umlauts_and_no_sharp_s() -> None:
    assert read(tap(CAPS) + tap(39) + tap(12), Keyboard(LAYOUTS["de"])) == "Öß"


def test_the_keypad_means_digits_whatever_num_lock_is() -> None:
    keys = b"".join(tap(KEYPAD[digit]) for digit in "0123456789")
    assert read(keys) == "0123456789"
    assert read(tap(69) + keys) == "0123456789"


def test_two_shift_keys_are_one_until_both_are_up() -> None:
    keys = event(42, 1) + event(54, 1) + event(42, 0) + tap(30) + event(54, 0) + tap(30)
    assert read(keys) == "Aa"


# --- control characters ---------------------------------------------------------------------------

GS = "\x1d"


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param(with_key(LEFT_CTRL, BRACKET), id="Ctrl+]"),
        pytest.param(chord((LEFT_CTRL, LEFT_SHIFT), BRACKET), id="Ctrl+Shift+]"),
        pytest.param(tap(66), id="F8"),
        pytest.param(by_number("\x1d"), id="ALT+0029"),
        pytest.param(
            event(LEFT_ALT, 1) + tap(KEYPAD["2"]) + tap(KEYPAD["9"]) + event(LEFT_ALT, 0),
            id="ALT+29",
        ),
    ],
)
@pytest.mark.parametrize("layout", ["us", "de", "fr"])
def test_the_ways_to_type_a_group_separator(keys, layout) -> None:
    """Ctrl+] by its place on a US board, whatever the layout: that is what scanners press."""
    assert read(keys, Keyboard(LAYOUTS[layout])) == GS


def test_a_group_separator_by_its_sign_in_another_layout() -> None:
    assert read(chord((LEFT_CTRL, ALT_GR), 10), Keyboard(LAYOUTS["de"])) == GS


@pytest.mark.parametrize(
    ("keys", "char"),
    [
        (with_key(LEFT_CTRL, 7), "\x1e"),  # Ctrl+6
        (chord((LEFT_CTRL, LEFT_SHIFT), 7), "\x1e"),  # Ctrl+^
        (with_key(LEFT_CTRL, 12), "\x1f"),  # Ctrl+-
        (with_key(LEFT_CTRL, 43), "\x1c"),  # Ctrl+\
        (with_key(LEFT_CTRL, 32), "\x04"),  # Ctrl+D
        (tap(65), "\x1c"),
        (tap(67), "\x1e"),
        (tap(68), "\x1f"),
    ],
)
def test_the_other_separators(keys, char) -> None:
    assert read(keys) == char


TYPES = {7, 12, 23, 27, 32, 36, 43, 50, 86}


@pytest.mark.parametrize("key", sorted(set(LAYOUTS["us"].levels[0]) - TYPES))
def test_no_other_ctrl_types_anything(key) -> None:
    """Ctrl with I, J and M are Tab and line ends; D and the signs are separators."""
    assert read(with_key(LEFT_CTRL, key)) == ""


def test_ctrl_and_alt_together_are_alt_gr() -> None:
    assert read(chord((LEFT_CTRL, LEFT_ALT), 16), Keyboard(LAYOUTS["de"])) == "@"


# --- ALT and a number -----------------------------------------------------------------------------


def alt(digits: str) -> bytes:
    keys = b"".join(tap(KEYPAD[digit]) for digit in digits)
    return event(LEFT_ALT, 1) + keys + event(LEFT_ALT, 0)


@pytest.mark.parametrize(
    ("digits", "us", "de"),
    [
        ("65", "A", "A"),
        ("0128", "€", "€"),  # Windows-1252
        ("128", "Ç", "Ç"),  # the old code pages agree
        ("157", "¥", "Ø"),  # and do not
        ("0233", "é", "é"),
        ("8364", "€", "€"),  # Unicode
        ("00", "", ""),
        ("027", "", ""),  # Escape
        ("013", "\r", "\r"),
        ("055296", "", ""),  # half of a pair is no character
        ("99999999", "", ""),
        ("", "", ""),
    ],
)
def test_a_number_with_alt_is_a_character(digits, us, de) -> None:
    assert read(alt(digits)) == us
    assert read(alt(digits), Keyboard(LAYOUTS["de"])) == de


def test_a_letter_with_alt_is_a_shortcut_and_types_nothing() -> None:
    assert read(with_key(LEFT_ALT, 30) + tap(48)) == "b"


def test_what_was_half_typed_is_void_after_lost_events() -> None:
    keyboard = Keyboard(LAYOUTS["fr"])
    read(tap(26) + event(LEFT_ALT, 1) + tap(KEYPAD["6"]), keyboard)
    keyboard.resync(frozenset())
    assert read(event(LEFT_ALT, 0) + tap(18), keyboard) == "e"


# --- the tables against those of the window system --------------------------------------------

_XKB = ctypes.util.find_library("xkbcommon")
_TABLES = Path("/usr/share/X11/xkb/rules/evdev")
_THEIRS = {
    "us": ("us", ""),
    "uk": ("gb", ""),
    "de": ("de", ""),
    "fr": ("fr", ""),
    "es": ("es", ""),
    "it": ("it", ""),
    "us-intl": ("us", "intl"),
}
# Windows and X differ here: the key that US boards lack, and Linux's own extras.
_DIFFERENT = {("us", 86), ("us-intl", 86), ("fr", 41)}
_ACCENTS = {"´": "acute", "`": "grave", "^": "circumflex", "¨": "diaeresis", "~": "tilde"} | {
    "'": "acute",
    '"': "diaeresis",
}
# Only where the system has both; its tables are not ours to ship.
_ORACLE = sorted(LAYOUTS) if _XKB and _TABLES.exists() else []


class _Names(ctypes.Structure):
    _fields_ = tuple(
        (name, ctypes.c_char_p) for name in ("rules", "model", "layout", "variant", "options")
    )


def window_systems_table(layout: str) -> dict[tuple[int, int], str]:
    """(key, level) -> the character, or "dead_..." """
    xkb = ctypes.CDLL(_XKB)
    for function in ("xkb_context_new", "xkb_keymap_new_from_names"):
        getattr(xkb, function).restype = ctypes.c_void_p
    number, pointer = ctypes.c_uint32, ctypes.POINTER(ctypes.c_uint32)
    xkb.xkb_keymap_key_get_syms_by_level.argtypes = [
        ctypes.c_void_p, number, number, number, ctypes.POINTER(pointer),
    ]  # fmt: skip
    xkb.xkb_keysym_to_utf32.restype = ctypes.c_uint32
    context = ctypes.c_void_p(xkb.xkb_context_new(0))
    place, variant = _THEIRS[layout]
    names = _Names(b"evdev", b"pc105", place.encode(), variant.encode(), b"")
    keymap = ctypes.c_void_p(xkb.xkb_keymap_new_from_names(context, ctypes.byref(names), 0))
    found = {}
    for code in range(2, 87):
        for level in (0, 1):
            symbols = ctypes.POINTER(ctypes.c_uint32)()
            count = xkb.xkb_keymap_key_get_syms_by_level(
                keymap, code + 8, 0, level, ctypes.byref(symbols)
            )
            if count == 1:
                name = ctypes.create_string_buffer(64)
                xkb.xkb_keysym_get_name(symbols[0], name, 64)
                char = chr(xkb.xkb_keysym_to_utf32(symbols[0]))
                dead = name.value.decode() if name.value.startswith(b"dead_") else ""
                found[code, level] = dead or char
    return found


@pytest.mark.parametrize("layout", _ORACLE)
def test_the_tables_are_those_of_the_window_system(layout) -> None:
    ours, theirs = LAYOUTS[layout], window_systems_table(layout)
    for level in (0, 1):
        for code, char in ours.levels[level].items():
            if code == 57 or (layout, code) in _DIFFERENT:
                continue
            dead = f"dead_{_ACCENTS.get(char)}" if (code, level) in ours.dead else char
            assert theirs[code, level] == dead, (code, level)
