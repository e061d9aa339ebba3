"""GS1 Digital Link URIs (GS1 Digital Link standard: URI syntax), read strictly and never opened.

A link is a web address first, so anything that is not wholly of the standard stays one: a primary
key with its value in the path, then only that key's qualifiers in their order, further elements
in the query, each once and not those that belong into the path. biip's own reader takes many
addresses for links that are none, so only its table of identifiers is used, for one value at a
time.

Taken though old: the names that early versions had for identifiers (`/gtin/...`), and a GTIN of
8, 12 or 13 digits.
"""

from __future__ import annotations

from kiosk.domain.codes.gs1_elements import Bad, Elements, checked, one

LONGEST = 600
MOST_PARTS = 64

_DIGITS = frozenset("0123456789")
_HEX = frozenset("0123456789ABCDEFabcdef")
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_ALLOWED = _LETTERS | _DIGITS | frozenset("-._~:/?#[]@!$&'()*+,;=%")
_HOST = _LETTERS | _DIGITS | frozenset("-.:[]")

# Primary keys and the sequences of qualifiers that may follow, each left out at will.
_KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "00": (),
    "01": (("22", "10", "21"), ("235",)),
    "253": (),
    "255": (),
    "401": (),
    "402": (),
    "414": (("254",), ("7040",)),
    "415": (("8020",),),
    "417": (("7040",),),
    "8003": (),
    "8004": (("7040",),),
    "8006": (("22", "10", "21"),),
    "8010": (("8011",),),
    "8013": (),
    "8017": (("8019",),),
    "8018": (("8019",),),
}
_NOT_IN_QUERY = frozenset({"22", "235", "254", "8011", "8019", "8110", "8112", "8200"})
_NAMES = {
    "cpid": "8010",
    "cpsn": "8011",
    "cpv": "22",
    "gcn": "255",
    "gdti": "253",
    "giai": "8004",
    "ginc": "401",
    "gln": "414",
    "glnx": "254",
    "gmn": "8013",
    "grai": "8003",
    "gsin": "402",
    "gsrn": "8018",
    "gsrnp": "8017",
    "gtin": "01",
    "itip": "8006",
    "lot": "10",
    "party": "417",
    "refno": "8020",
    "ser": "21",
    "srin": "8019",
    "sscc": "00",
}


def read(text: str) -> Elements | Bad | None:
    """The elements of a link; None for what is not of its form, Bad where a check is wrong."""
    if not _is_address(text):
        return None
    address = text.partition("#")[0]
    head, asked, query = address.partition("?")
    segments = head.split("/")[3:]
    if len(segments) > MOST_PARTS or query.count("&") > MOST_PARTS:
        return None
    path = _path(segments)
    if path is None:
        return None
    rest = _query(query, [ai for ai, _ in path]) if asked else []
    if rest is None:
        return None
    for ai, value in (*path, *rest):
        if one(ai, value) is None:
            return None
    return checked([*path, *rest])


def _is_address(text: str) -> bool:
    if len(text) > LONGEST or not set(text) <= _ALLOWED:
        return False
    scheme, found, rest = text.partition("://")
    if not found or scheme not in ("https", "http", "HTTPS", "HTTP"):
        return False
    host, slash, _ = rest.partition("/")
    return bool(slash and host) and set(host) <= _HOST


def _path(segments: list[str]) -> list[tuple[str, str]] | None:
    """The pairs from the last primary key on: what stands before is the address's own affair."""
    pairs: list[tuple[str, str]] = []
    at = len(segments) - 2
    while at >= 0:
        ai = _identifier(segments[at])
        value = _decoded(segments[at + 1], in_query=False)
        if ai is None or value is None:
            return None
        pairs.insert(0, (ai, _padded(ai, value)))
        if ai in _KEYS:
            return pairs if _in_order(pairs) else None
        at -= 2
    return None


def _in_order(pairs: list[tuple[str, str]]) -> bool:
    key, *given = [ai for ai, _ in pairs]
    return not given or any(_is_part_of(given, allowed) for allowed in _KEYS[key])


def _is_part_of(given: list[str], allowed: tuple[str, ...]) -> bool:
    rest = iter(allowed)
    return all(ai in rest for ai in given)


def _query(query: str, path: list[str]) -> list[tuple[str, str]] | None:
    """A key of digits is an identifier or the link is none; other parameters are nobody's."""
    found: list[tuple[str, str]] = []
    seen = set(path)
    for parameter in query.split("&"):
        key, given, text = parameter.partition("=")
        if not given or not key or not set(key) <= _DIGITS:
            continue
        value = _decoded(text, in_query=True)
        if value is None or key in seen or key in _NOT_IN_QUERY or _belongs_in(path, key):
            return None
        seen.add(key)
        found.append((key, _padded(key, value)))
    return found


def _belongs_in(path: list[str], ai: str) -> bool:
    """Whether the path could have held it: then the query must not."""
    key, *given = path
    longer = ([*given[:at], ai, *given[at:]] for at in range(len(given) + 1))
    return any(_is_part_of(one_path, allowed) for one_path in longer for allowed in _KEYS[key])


def _identifier(segment: str) -> str | None:
    if segment in _NAMES:
        return _NAMES[segment]
    return segment if 2 <= len(segment) <= 4 and set(segment) <= _DIGITS else None


def _padded(ai: str, value: str) -> str:
    return value.zfill(14) if ai == "01" and len(value) in (8, 12, 13) else value


def _decoded(text: str, in_query: bool) -> str | None:
    """Percent signs resolved; None for an empty value or one with a half or foreign escape."""
    if in_query:
        text = text.replace("+", " ")
    first, *escaped = text.split("%")
    parts = [first]
    for part in escaped:
        if len(part) < 2 or not set(part[:2]) <= _HEX:
            return None
        parts.append(chr(int(part[:2], 16)) + part[2:])
    value = "".join(parts)
    return value if value and value.isascii() else None
