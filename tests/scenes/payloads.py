"""What stands in the codes: texts of the shape and length that real ones have.

Numbers are made up, their check digits are right: GS1 General Specifications 7.9 for retail and
logistic numbers, UPU S10 for postal items, the UPS and USPS guides for theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kiosk.domain.codes import bag_code, short_code
from kiosk.ports import Symbology
from kiosk.seal.codes import ReturnClaims, issue
from kiosk.seal.keys import SigningKey
from tests.scenes.model import Dice, Kind

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MADE = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Payload:
    """`content` as an encoder takes it (GS1 data with its brackets), `raw` as a decoder must give
    it, `words` for the people who read the carrier, `also` other spellings of the same number."""

    symbology: Symbology
    content: str
    raw: bytes
    gs1: bool = False
    words: str = ""
    also: tuple[bytes, ...] = ()


def gs1_digit(digits: str) -> str:
    """The check digit that belongs behind these digits (GS1 General Specifications, 7.9)."""
    total = sum(int(d) * (3, 1)[i % 2] for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


def _digits(dice: Dice, count: int) -> str:
    return "".join(str(d) for d in dice.integers(0, 10, count))


def _checked(dice: Dice, prefix: str, length: int) -> str:
    body = prefix + _digits(dice, length - 1 - len(prefix))
    return body + gs1_digit(body)


def _plain(symbology: Symbology, text: str, words: str = "") -> Payload:
    return Payload(symbology, text, text.encode(), words=words or text)


def _elements(symbology: Symbology, elements: str) -> Payload:
    """GS1 data of fixed-length fields only, so that nothing stands between them."""
    raw = elements.replace("(", "").replace(")", "").encode()
    return Payload(symbology, elements, raw, gs1=True, words=elements)


def signed_return(dice: Dice) -> Payload:
    """A return code as a merchant signs it: the claims of the demo's length, a key of its own."""
    issued = _MADE + timedelta(minutes=int(dice.integers(0, 100_000)))
    number = "".join(_LETTERS[i] for i in dice.integers(0, 32, 16))
    claims = ReturnClaims(
        issuer=("nordlys", "papaya-kids", "hammer-and-nail", "atelier-8")[int(dice.integers(4))],
        audience="takeback",
        issued_at=issued,
        expires_at=issued + timedelta(days=30),
        code_id=number,
        return_id=f"RMA-{_digits(dice, 8)}",
    )
    key = SigningKey(f"{dice.integers(1, 100)}", dice.bytes(32))
    return _plain(Symbology.QR, issue(claims, key), claims.return_id)


def _short(dice: Dice) -> Payload:
    text = short_code(int(dice.integers(0, 1 << 35)))
    return _plain(Symbology.QR, text, f"{text[:4]}-{text[4:]}")


def _bag(dice: Dice) -> Payload:
    return _plain(Symbology.CODE_128, bag_code(int(dice.integers(0, 10**10))))


def _ups(dice: Dice) -> str:
    """1Z, account, service, parcel, and the check digit over the rest (letters count from 2)."""
    body = f"{_digits(dice, 3)}{'ABCDEFGHJ'[int(dice.integers(9))]}{_digits(dice, 11)}"
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in body]
    return f"1Z{body}{-(sum(values[::2]) + 2 * sum(values[1::2])) % 10}"


def _s10(dice: Dice) -> str:
    """Two letters, eight digits, a check digit of weights 8 6 4 2 3 5 9 7, the country."""
    digits = _digits(dice, 8)
    rest = 11 - sum(int(d) * w for d, w in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    check = {10: 0, 11: 5}.get(rest, rest)
    country = ("NL", "DE", "GB")[int(dice.integers(3))]
    return f"R{'ABCL'[int(dice.integers(4))]}{digits}{check}{country}"


def _parcel(dice: Dice) -> Payload:
    return _plain(Symbology.CODE_128, (_ups, _s10)[int(dice.integers(2))](dice))


def _parcel_gs1(dice: Dice) -> Payload:
    if dice.integers(2):
        return _elements(Symbology.CODE_128, f"(00){_checked(dice, '3', 18)}")
    service = f"9{dice.integers(2, 5)}{_digits(dice, 19)}"
    zip_code, number = _digits(dice, 5), service + gs1_digit(service)
    content = f"(420){zip_code}({number[:2]}){number[2:]}"
    raw = f"420{zip_code}\x1d{number}".encode()
    also = (raw.replace(b"\x1d", b""),)  # zbar leaves the separator out
    return Payload(Symbology.CODE_128, content, raw, gs1=True, words=number, also=also)


def _carton(dice: Dice) -> Payload:
    return _plain(Symbology.ITF, _checked(dice, str(dice.integers(1, 9)), 14))


def _retail(symbology: Symbology, prefix: str, length: int) -> Callable[[Dice], Payload]:
    return lambda dice: _plain(symbology, _checked(dice, prefix, length))


def _upc_e(dice: Dice) -> Payload:
    """Six digits that end in 5 to 9 stand for a UPC-A of `0`, five of them, `0000`, the sixth."""
    six = f"{_digits(dice, 4)}{dice.integers(1, 10)}{dice.integers(5, 10)}"
    full = f"0{six[:5]}0000{six[5]}"
    whole = full + gs1_digit(full)
    short = f"0{six}{whole[-1]}"
    also = (whole.encode(), f"0{whole}".encode())
    return Payload(Symbology.UPC_E, short, short.encode(), words=short, also=also)


def _upc_a(dice: Dice) -> Payload:
    """The same number is an EAN-13 with a nought before it, and most decoders say so."""
    text = _checked(dice, "0", 12)
    return Payload(Symbology.UPC_A, text, text.encode(), words=text, also=(b"0" + text.encode(),))


def _code_39(dice: Dice) -> Payload:
    return _plain(Symbology.CODE_39, f"RC-{_digits(dice, 6)}")


def _databar(dice: Dice) -> Payload:
    number = _checked(dice, "0", 14)
    return Payload(Symbology.DATABAR, number, f"01{number}".encode(), words=f"(01){number}")


def _databar_expanded(dice: Dice) -> Payload:
    number = _checked(dice, "0", 14)
    return _elements(Symbology.DATABAR_EXPANDED, f"(01){number}(17)27{dice.integers(10, 13)}15")


def _data_matrix(dice: Dice) -> Payload:
    number = _checked(dice, "0", 14)
    return _elements(Symbology.DATA_MATRIX, f"(01){number}(17)270615(10)L{_digits(dice, 6)}")


def _aztec(dice: Dice) -> Payload:
    return _plain(Symbology.AZTEC, f"TKT/{_digits(dice, 10)}/NL/{_digits(dice, 12)}/2ND/ADULT")


def _pdf417(dice: Dice) -> Payload:
    name = ("JANSEN", "OKAFOR", "MUELLER", "GARCIA")[int(dice.integers(4))]
    return _plain(
        Symbology.PDF417,
        f"PKG {_digits(dice, 12)} {name} STATION RD {_digits(dice, 2)} REF {_digits(dice, 8)}",
        name,
    )


def _maxicode(dice: Dice) -> Payload:
    """The envelope that UPS uses (ISO 15434 format 01), without its compressed part."""
    text = (
        f"[)>\x1e01\x1d96{_digits(dice, 5)}\x1d840\x1d001\x1d{_ups(dice)[:11]}\x1dUPSN\x1d"
        f"{_digits(dice, 6)}\x1d089\x1d\x1d1/1\x1d10\x1dN\x1d\x1dSALEM\x1dOR\x1e\x04"
    )
    return _plain(Symbology.MAXICODE, text, "UPS GROUND")


def _micro(dice: Dice) -> Payload:
    return _plain(Symbology.MICRO_QR, f"P{_digits(dice, 9)}")


def _rmqr(dice: Dice) -> Payload:
    return _plain(Symbology.RMQR, f"LOC-{_digits(dice, 4)}-{_digits(dice, 6)}")


_MAKERS: Mapping[Kind, Callable[[Dice], Payload]] = {
    Kind.RETURN_PHONE: signed_return,
    Kind.RETURN_SLIP: signed_return,
    Kind.SHORT_PHONE: _short,
    Kind.BAG: _bag,
    Kind.PARCEL: _parcel,
    Kind.PARCEL_GS1: _parcel_gs1,
    Kind.CARTON: _carton,
    Kind.EAN_13: _retail(Symbology.EAN_13, "40", 13),
    Kind.EAN_8: _retail(Symbology.EAN_8, "9", 8),
    Kind.UPC_A: _upc_a,
    Kind.UPC_E: _upc_e,
    Kind.CODE_39: _code_39,
    Kind.DATABAR: _databar,
    Kind.DATABAR_EXPANDED: _databar_expanded,
    Kind.DATA_MATRIX: _data_matrix,
    Kind.AZTEC: _aztec,
    Kind.PDF417: _pdf417,
    Kind.MAXICODE: _maxicode,
    Kind.MICRO_QR: _micro,
    Kind.RMQR: _rmqr,
}


def payload(kind: Kind, dice: Dice) -> Payload:
    """What such a thing bears."""
    return _MAKERS[kind](dice)
