"""An event's id from its content alone: the Event Hash ID of GS1's Core Business Vocabulary.

CBV 2.0 (ISO/IEC 19988), section 8.9: the event's fields become one string in the standard's
order, lists sorted, times in UTC with milliseconds, words of the vocabulary as their addresses,
GS1 keys as canonical Digital Link; its SHA-256 is the id, as a `ni` URI (RFC 6920). Whoever makes
the same event anywhere makes the same id.

Where the text and the published examples disagree (whether a `type` stands before or behind what
it is a type of) we do as the examples, as all public implementations do. Sensor elements, ILMD,
certification and extensions are no part of our events and not known here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlsplit

Event = Mapping[str, Any]

_CBV: Final = "https://ref.gs1.org/cbv/"
_WORDS: Final = {
    "bizStep": _CBV + "BizStep-",
    "disposition": _CBV + "Disp-",
    "set": _CBV + "Disp-",
    "unset": _CBV + "Disp-",
    "bizTransaction": _CBV + "BTT-",
    "source": _CBV + "SDT-",
    "destination": _CBV + "SDT-",
}
_URNS: Final = {
    "urn:epcglobal:cbv:bizstep:": _CBV + "BizStep-",
    "urn:epcglobal:cbv:disp:": _CBV + "Disp-",
    "urn:epcglobal:cbv:btt:": _CBV + "BTT-",
    "urn:epcglobal:cbv:sdt:": _CBV + "SDT-",
}
# The keys that a constrained Digital Link may end in, with the qualifier that may follow.
_KEYS: Final = re.compile(
    r"/(?:00/\d{18}|253/\d{13}[^/]*|255/\d{13}\d{0,12}|40[12]/[^/]+|414/\d{13}(?:/254/[^/]+)?"
    r"|417/\d{13}|8003/\d{14}[^/]*|8004/[^/]+|8006/\d{18}(?:/(?:21|10)/[^/]+)?"
    r"|8010/[^/]+(?:/8011/[^/]+)?|801[78]/\d{18})$"
)
_ARTICLE: Final = re.compile(
    r"/01/(?P<gtin>\d{8}|\d{12,14})"
    r"(?:(?:/22/[^/]+)?(?P<lot>/10/[^/]+)?(?P<serial>/21/[^/]+)?|(?P<third>/235/[^/]+))$"
)
_OTHERS: Final = {
    "eventID",
    "recordTime",
    "errorDeclaration",
    "type",
    "@context",
    "rdfs:comment",
}


def event_id(event: Event) -> str:
    """`ni:///sha-256;...?ver=CBV2.0`. ValueError for a field that is not known here: an id that
    left something out would name two events."""
    digest = hashlib.sha256(pre_hash(event).encode()).hexdigest()
    return f"ni:///sha-256;{digest}?ver=CBV2.0"


def pre_hash(event: Event) -> str:
    """The string that is hashed."""
    unknown = set(event) - _OTHERS - set(_ORDER)
    if unknown:
        raise ValueError(f"fields that have no place in the hash: {', '.join(sorted(unknown))}")
    fields = (say(name, event[name]) for name, say in _ORDER.items() if event.get(name))
    return f"eventType={event['type']}" + "".join(fields)


def _plain(name: str, value: Any) -> str:
    return f"{name}={str(value).strip()}"


def _time(name: str, value: Any) -> str:
    """UTC with milliseconds; a half and more is rounded up."""
    moment = datetime.fromisoformat(str(value).strip()).astimezone(UTC)
    whole = moment + timedelta(microseconds=500)
    return f"{name}={whole.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _word(name: str, value: Any) -> str:
    return f"{name}={_vocabulary(name, str(value).strip())}"


def _vocabulary(name: str, value: str) -> str:
    for urn, address in _URNS.items():
        if value.startswith(urn):
            return address + value.removeprefix(urn)
    return value if ":" in value else _WORDS[name] + value


def _key(name: str, value: Any) -> str:
    return f"{name}={canonical(str(value).strip())}"


def canonical(uri: str) -> str:
    """A GS1 Digital Link as the standard wants it: at id.gs1.org, without query and path before
    the key, down to the finest key. Anything else as it is."""
    parts = urlsplit(uri)
    if parts.scheme not in ("http", "https"):
        return uri
    if article := _ARTICLE.search(parts.path):
        finest = article["serial"] or article["third"] or article["lot"] or ""
        return f"https://id.gs1.org/01/{article['gtin']:0>14}{finest}"
    found = _KEYS.search(parts.path)
    return f"https://id.gs1.org{found[0]}" if found else uri


def _keys(name: str, values: Any) -> str:
    return name + _sorted(_key("epc", one) for one in values)


def _sorted(parts: Iterable[str]) -> str:
    return "".join(sorted(parts, key=str.encode))


def _place(name: str, value: Any) -> str:
    return name + _key("id", value["id"])


def _quantities(name: str, values: Any) -> str:
    return name + _sorted("quantityElement" + _quantity(one) for one in values)


def _quantity(one: Mapping[str, Any]) -> str:
    said = _key("epcClass", one["epcClass"])
    if "quantity" in one:
        number = f"{Decimal(str(one['quantity'])):f}"
        said += "quantity=" + (number.rstrip("0").rstrip(".") if "." in number else number)
    return said + (_plain("uom", one["uom"]) if one.get("uom") else "")


def _typed(kind: str) -> Callable[[str, Any], str]:
    """Lists whose elements have a type: transactions, sources, destinations."""

    def say(name: str, values: Any) -> str:
        return name + _sorted(element(one) for one in values)

    def element(one: Mapping[str, Any]) -> str:
        type_ = str(one.get("type", ""))
        said = f"type={_vocabulary(kind, type_.strip())}" if type_ else ""
        return said + _key(kind, one[kind])

    return say


def _lasting(name: str, value: Any) -> str:
    return name + "".join(
        _sorted(_word(part, one) for one in value.get(part, ())) for part in ("set", "unset")
    )


_ORDER: Final[Mapping[str, Callable[[str, Any], str]]] = {
    "eventTime": _time,
    "eventTimeZoneOffset": _plain,
    "epcList": _keys,
    "parentID": _key,
    "inputEPCList": _keys,
    "childEPCs": _keys,
    "quantityList": _quantities,
    "childQuantityList": _quantities,
    "inputQuantityList": _quantities,
    "outputEPCList": _keys,
    "outputQuantityList": _quantities,
    "action": _plain,
    "transformationID": _key,
    "bizStep": _word,
    "disposition": _word,
    "persistentDisposition": _lasting,
    "readPoint": _place,
    "bizLocation": _place,
    "bizTransactionList": _typed("bizTransaction"),
    "sourceList": _typed("source"),
    "destinationList": _typed("destination"),
}
