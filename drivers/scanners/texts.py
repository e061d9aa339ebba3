"""From the bytes of a code to the text that people see."""

from __future__ import annotations


def text_of(raw: bytes) -> str:
    """The bytes as people write them: UTF-8 where they are, Shift-JIS where that gives Japanese,
    else Latin-1, which takes any byte."""
    for name in ("utf-8", "cp932"):
        try:
            text = raw.decode(name)
        except UnicodeDecodeError:
            continue
        if name == "utf-8" or _japanese(text):
            return text
    return raw.decode("latin-1")


def _japanese(text: str) -> bool:
    """Kana or Han in the majority of what is not ASCII: two umlauts in a row make one as well."""
    foreign = [c for c in text if not c.isascii()]
    return 2 * sum("\u3040" <= c <= "\u9fff" for c in foreign) > max(2, len(foreign))
