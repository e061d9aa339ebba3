"""Keyboard layouts that scanners are programmed to type in, as Windows defines them.

A layout is four rows of keys at up to four levels: plain, Shift, AltGr, Shift + AltGr. A space
stands for a key that types nothing at that level. Key codes are those of
linux/input-event-codes.h; they name places on the board, not letters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_NUMBERS = (41, *range(2, 14))  # the key left of 1, then 1 to the last before Backspace
_TOP = tuple(range(16, 28))
_HOME = (*range(30, 41), 43)  # 43 lies beside Enter, or above it on US boards
_LOW = (86, *range(44, 54))  # 86 is the key that US boards lack
_ROWS = (_NUMBERS, _TOP, _HOME, _LOW)

# Letters that Windows joins with an accent. A pair that is not here is typed as two characters.
_JOINED: Mapping[str, Mapping[str, str]] = {
    "´": dict(zip("aeiouyAEIOUY", "áéíóúýÁÉÍÓÚÝ", strict=True)),
    "`": dict(zip("aeiouAEIOU", "àèìòùÀÈÌÒÙ", strict=True)),
    "^": dict(zip("aeiouAEIOU", "âêîôûÂÊÎÔÛ", strict=True)),
    "¨": dict(zip("aeiouyAEIOU", "äëïöüÿÄËÏÖÜ", strict=True)),
    "~": dict(zip("anoANO", "ãñõÃÑÕ", strict=True)),
}
_JOINED = {
    **_JOINED,
    "'": {**_JOINED["´"], "c": "ç", "C": "Ç"},  # us-intl types its accents as quotes
    '"': _JOINED["¨"],
}


@dataclass(frozen=True, slots=True)
class Layout:
    """`levels[level][key]` is a character; `dead` holds the (key, level) pairs that wait for the
    next character; `codepage` is what ALT and a number without a leading zero counts in."""

    name: str
    levels: tuple[Mapping[int, str], ...]
    dead: frozenset[tuple[int, int]] = frozenset()
    codepage: str = "cp850"
    joined: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: _JOINED)

    def typed(self, code: int, level: int) -> str:
        """What a key types at a level, "" for nothing."""
        return self.levels[level].get(code, "") if level < len(self.levels) else ""


def _layout(
    name: str,
    *levels: tuple[str, str, str, str],
    dead: frozenset[tuple[int, int]] = frozenset(),
    codepage: str = "cp850",
) -> Layout:
    tables: list[Mapping[int, str]] = []
    for level, rows in enumerate(levels):
        keys = {57: " "} if level < 2 else {}
        for codes, row in zip(_ROWS, rows, strict=True):
            row = row.ljust(len(codes))
            keys |= {c: char for c, char in zip(codes, row, strict=True) if char != " "}
        tables.append(MappingProxyType(keys))
    return Layout(name, tuple(tables), dead, codepage)


_US = _layout(
    "us",
    ("`1234567890-=", "qwertyuiop[]", "asdfghjkl;'\\", "\\zxcvbnm,./"),
    ("~!@#$%^&*()_+", "QWERTYUIOP{}", 'ASDFGHJKL:"|', "|ZXCVBNM<>?"),
    codepage="cp437",
)
_US_INTL = _layout(
    "us-intl",
    ("`1234567890-=", "qwertyuiop[]", "asdfghjkl;'\\", "\\zxcvbnm,./"),
    ("~!@#$%^&*()_+", "QWERTYUIOP{}", 'ASDFGHJKL:"|', "|ZXCVBNM<>?"),
    (" ¡²³¤€¼½¾‘’¥×", "äåé®þüúíóö«»", "áßð     ø¶´¬", " æ ©  ñµç ¿"),
    (" ¹  £       ÷", "ÄÅÉ ÞÜÚÍÓÖ  ", "Á§Ð     Ø°¨¦", " Æ ¢  Ñ Ç  "),
    dead=frozenset({(41, 0), (41, 1), (7, 1), (40, 0), (40, 1)}),
)
_UK = _layout(
    "uk",
    ("`1234567890-=", "qwertyuiop[]", "asdfghjkl;'#", "\\zxcvbnm,./"),
    ('¬!"£$%^&*()_+', "QWERTYUIOP{}", "ASDFGHJKL:@~", "|ZXCVBNM<>?"),
    ("¦   €", "  é   úíó", "á", ""),
    ("", "  É   ÚÍÓ", "Á", ""),
)
_DE = _layout(
    "de",
    ("^1234567890ß´", "qwertzuiopü+", "asdfghjklöä#", "<yxcvbnm,.-"),
    ('°!"§$%&/()=?`', "QWERTZUIOPÜ*", "ASDFGHJKLÖÄ'", ">YXCVBNM;:_"),
    ("  ²³   {[]}\\", "@ €        ~", "", "|      µ"),
    dead=frozenset({(41, 0), (13, 0), (13, 1)}),
)
_FR = _layout(
    "fr",
    ("²&é\"'(-è_çà)=", "azertyuiop^$", "qsdfghjklmù*", "<wxcvbn,;:!"),
    (" 1234567890°+", "AZERTYUIOP¨£", "QSDFGHJKLM%µ", ">WXCVBN?./§"),
    ("  ~#{[|`\\^@]}", "  €        ¤", "", ""),
    dead=frozenset({(26, 0), (26, 1), (3, 2), (8, 2)}),
)
_ES = _layout(
    "es",
    ("º1234567890'¡", "qwertyuiop`+", "asdfghjklñ´ç", "<zxcvbnm,.-"),
    ('ª!"·$%&/()=?¿', "QWERTYUIOP^*", "ASDFGHJKLÑ¨Ç", ">ZXCVBNM;:_"),
    ("\\|@#~€¬", "  €       []", "          {}", ""),
    dead=frozenset({(26, 0), (26, 1), (40, 0), (40, 1), (5, 2)}),
)
_IT = _layout(
    "it",
    ("\\1234567890'ì", "qwertyuiopè+", "asdfghjklòàù", "<zxcvbnm,.-"),
    ('|!"£$%&/()=?^', "QWERTYUIOPé*", "ASDFGHJKLç°§", ">ZXCVBNM;:_"),
    ("     €", "  €       []", "         @#", ""),
    ("", "          {}", "", ""),
)

LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {layout.name: layout for layout in (_US, _UK, _DE, _FR, _ES, _IT, _US_INTL)}
)
