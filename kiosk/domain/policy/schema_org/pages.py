"""The JSON-LD of a file: the whole of a JSON file, or the blocks inside a page of HTML.

Strict, and in step with the length of the text: no key twice, no NaN, nothing endless.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

MOST_TEXT = 8_000_000  # characters; a shop's page rarely has a tenth of it
MOST_BLOCKS = 200
_OPENING = re.compile(r"<!--|<script(?=[\s/>])", re.IGNORECASE)
_CLOSING = re.compile(r"</script(?=[\s/>])", re.IGNORECASE)
_INSIDE = re.compile(r"[^\"'>]*")
_TYPE = re.compile(r"""(?:^|\s)type\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_HEADS = ("<!--", "/*<![CDATA[*/", "//<![CDATA[", "// <![CDATA[", "<![CDATA[")
_TAILS = ("/*]]>*/", "//]]>", "// ]]>", "]]>", "//-->", "-->")


@dataclass(frozen=True, slots=True)
class Block:
    """One JSON document: its value, or why it is none."""

    name: str
    value: Any
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The file as a whole cannot be imported."""

    why: str


def read(data: bytes) -> tuple[Block, ...] | Unreadable:
    """Every block of a file, in order."""
    if len(data) > MOST_TEXT:
        return Unreadable(f"is larger than {MOST_TEXT} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Unreadable(f"is not UTF-8: byte {error.start} is wrong; save it as UTF-8")
    if not text.strip():
        return Unreadable("is empty")
    if text.lstrip()[:1] in ("{", "["):
        block = _parse(text, 1, "the file")
        return Unreadable(block.fault) if block.fault else (block,)
    return _page(text)


def _page(text: str) -> tuple[Block, ...] | Unreadable:
    blocks: list[Block] = []
    line, counted = 1, 0
    for start, end in _scripts(text):
        if len(blocks) == MOST_BLOCKS:
            return Unreadable(f"holds more than {MOST_BLOCKS} blocks of JSON-LD")
        line, counted = line + text.count("\n", counted, start), start
        if end < 0:
            name = f"line {line}"
            blocks.append(Block(name, None, f"{name}: the block has no </script>"))
            break
        blocks.append(_parse(_bare(text[start:end]), line, f"line {line}"))
    if not blocks:
        return Unreadable(
            'is neither JSON nor a page with <script type="application/ld+json"> in it'
        )
    return tuple(blocks)


def _scripts(text: str) -> Iterator[tuple[int, int]]:
    """Where each JSON-LD script's content starts and ends; -1 for one that never ends."""
    at = 0
    while found := _OPENING.search(text, at):
        if found[0] == "<!--":
            at = text.find("-->", found.end())
            if at < 0:
                return
            continue
        inside = _tag_end(text, found.end())
        if inside < 0:
            return
        closing = _CLOSING.search(text, inside)
        end = closing.start() if closing else -1
        if _is_json_ld(text[found.end() : inside - 1]):
            yield inside, end
        if end < 0:
            return
        at = end


def _tag_end(text: str, at: int) -> int:
    """Just behind the `>` of a tag, skipping those in quotes; -1 for none."""
    while at < len(text):
        found = _INSIDE.match(text, at)
        at = found.end() if found else at
        if at >= len(text):
            return -1
        if text[at] == ">":
            return at + 1
        at = text.find(text[at], at + 1) + 1
        if at == 0:
            return -1
    return -1


def _is_json_ld(attributes: str) -> bool:
    found = _TYPE.search(attributes[:2000])
    if not found:
        return False
    given = html.unescape(found[1] or found[2] or found[3] or "")
    return given.partition(";")[0].strip().lower() == "application/ld+json"


def _bare(text: str) -> str:
    """A block without what some pages wrap it in, every character still in its place."""
    start = len(text) - len(text.lstrip())
    for head in _HEADS:
        if text.startswith(head, start):
            text = text[:start] + " " * len(head) + text[start + len(head) :]
            break
    end = len(text.rstrip())
    tail = next((tail for tail in _TAILS if text.endswith(tail, 0, end)), "")
    return text[: end - len(tail)] + " " * len(tail) + text[end:]


def _parse(text: str, line: int, name: str) -> Block:
    try:
        value = json.loads(
            text,
            object_pairs_hook=_once,
            parse_float=Decimal,
            parse_constant=_no_constant,
        )
    except RecursionError:
        return Block(name, None, f"{name}: is nested too deeply")
    except json.JSONDecodeError as error:
        where = f"line {line + error.lineno - 1}, column {error.colno}"
        return Block(name, None, f"{where}: is no JSON: {error.msg}")
    except ValueError as error:
        return Block(name, None, f"{name}: {error}")
    return Block(name, value)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise ValueError(f"{twice[:80]!r} stands twice in one object; which one counts?")
    return found


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON number")
