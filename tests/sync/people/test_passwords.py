"""Which passwords are taken: long ones that nobody tries first, and no rules beside."""

from __future__ import annotations

import pytest

from sync.central.people.passwords import LEAST_ALONE, Weak, weakness


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("kettle snow", Weak.TOO_SHORT),
        ("k" * 257, Weak.TOO_LONG),
        ("passwordpassword", Weak.COMMON),
        ("P4ssw0rd!!!2026", Weak.COMMON),
        ("Password!!!!2026", Weak.COMMON),
        ("2026administrator!", Weak.COMMON),
        ("aaaaaaaaaaaaaaaa", Weak.PATTERN),
        ("abcabcabcabcabca", Weak.PATTERN),
        ("1234567890123456", Weak.PATTERN),
        ("qwertyuiopasdfghjkl", Weak.PATTERN),
        ("zyxwvutsrqponmlk", Weak.PATTERN),
        ("ada-lovelace-2026", Weak.NAMED),
        ("acme-returns-1234", None),
        ("takebacktakeback1", Weak.NAMED),
        ("seven kettles under snow", None),
        ("correct horse battery staple", Weak.COMMON),
        ("пятнадцать букв тут", None),
        ("雪の下に七つの薬缶があるという話", None),
        ("x7$Kq9!mZ2@pL5#v", None),
    ],
)
def test_what_is_taken(password, why):
    assert weakness(password, LEAST_ALONE, ("ada-lovelace", "ada")) == why


def test_a_length_is_counted_in_signs_and_not_in_bytes():
    assert weakness("ж" * 7 + "щука плав", 15) is None
    assert weakness("ж", 15) is Weak.TOO_SHORT
