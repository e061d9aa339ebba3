"""What a carrier's own message says: the number to track by.

Format 01 (ANSI MH10.8.3): postal code behind the two digits of a version, country, class of
service, tracking number, the carrier's short name (SCAC). UPS gives only `1Z` and eight
characters there; the whole number has the shipper's six and the last two digits of the class
between, and its check digit proves the assembly. FedEx may put a form number behind its twelve
digits.

Data identifiers (ANSI MH10.8.2): `J` to `8J` is a licence plate (ISO/IEC 15459): who issued it,
whose it is, a serial number. It has no check digit; the envelope around it has to do.
"""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.domain.codes import carriers
from kiosk.domain.codes.model import Tracking

LICENCE_PLATE = "ISO 15459"

_NAMES = {"UPS": "UPS", "FDE": "FedEx", "FDX": "FedEx", "USP": "USPS", "DHL": "DHL"}
_CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_PLATE = _CAPITALS | frozenset("0123456789")
_PLATE_LENGTHS = range(5, 36)
_MOST_FIELDS = 64


def readings(fields: Sequence[str]) -> list[Tracking]:
    """Of format 01: the first field has the version's two digits before the postal code."""
    if len(fields) < 4:
        return []
    service, number = fields[2].strip(), fields[3].strip()
    scac = fields[4].strip().upper() if len(fields) > 4 else ""
    shipper = fields[5].strip().upper() if len(fields) > 5 else ""
    carrier = _NAMES.get(scac[:3], "")
    if carrier == "UPS":
        return _of("UPS", _ups_number(number.upper(), service, shipper))
    if carrier == "FedEx" and len(number) == 16:
        return _of("FedEx", number[:12]) or _of("FedEx", number)
    if carrier:
        return _of(carrier, number)
    return list(carriers.recognise(number, "")) if not scac else []


def plates(fields: Sequence[str]) -> list[Tracking]:
    """The licence plates among fields with data identifiers. DHL's begins with its `J`: there
    the identifier is part of what DHL tracks by."""
    found: list[Tracking] = []
    for field in fields[:_MOST_FIELDS]:
        digits, letter = field[:1], field[1:2]
        value = field[2:] if digits in tuple("12345678") and letter == "J" else None
        if value is None and field.startswith("J"):
            value = field[1:]
        if value is not None:
            found += _plate(value.strip())
    return found


def _plate(value: str) -> list[Tracking]:
    if len(value) not in _PLATE_LENGTHS or not set(value) <= _PLATE:
        return []
    known = [one for one in carriers.recognise("J" + value, "") if one.valid]
    known = known or [one for one in carriers.recognise(value, "") if one.valid]
    if known or value[0] not in _CAPITALS:
        return known
    return [Tracking(LICENCE_PLATE, "", value)]


def _ups_number(number: str, service: str, shipper: str) -> str:
    if len(number) == 10 and number.startswith("1Z") and len(shipper) == 6 and len(service) == 3:
        return "1Z" + shipper + service[1:] + number[2:]
    return number


def _of(carrier: str, number: str) -> list[Tracking]:
    return [one for one in carriers.recognise(number, "") if one.carrier == carrier]
