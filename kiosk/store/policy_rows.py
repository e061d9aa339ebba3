"""An authorisation as the bytes of one row, and back.

MessagePack with the names of the fields, those at their defaults left out, then deflated against
DICTIONARY, which knows the names: a quarter of the room of JSON text, for a little more time
(`make bench ARGS=policy_rows` tells how much). Rows that carry their
fields' names outlive a change of the fields; the first form of the file had JSON text, which is
read as well.
"""

from __future__ import annotations

import dataclasses
import types
import zlib
from functools import reduce
from operator import or_
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from kiosk.domain.returns import Authorisation
from kiosk.store.errors import StoreCause, StoreFailed

# Part of the form: another dictionary is another form, with another number in policy_schema.
DICTIONARY = (
    b"\xde\x00\x15\xa9return_id\xa5R-100\xabmerchant_id\xa3M-1\xacorder_number\xa6A-1000\xabpost"
    b"al_code\xa510115\xaashort_code\xa0\xa5state\xaaauthorised\xaaordered_on\xaa2026-0"
    b"1-10\xacdelivered_on\xaa2026-01-12\xaaexpires_at\xd6\xffi\xa20\x00\xa5lines\x92\xde\x00\x13"
    b"\xa7line_id\xa3L-1\xa3sku\xa6SKU-10\xa4name\xa0\xa8category\xabelectronics\xa8quantity\x01"
    b"\xa5price\x82\xa5minor\xcd\x13\x83\xa8currency\xa3USD\xa4tags\x91\xa9clearance\xaafinal_sal"
    b"e\xc3\xa6hazard\xa7lithium\xa5image\xa5box-1\xa6reason\xacchanged_mind\xa4type\xa5audio"
    b"\xa8discount\xcd\t\xc4\xa8weight_g\xcd\x01^\xaalongest_mm\xcd\x01,\xa3age\x12\xa7hygiene"
    b"\xc3\xa7serials\x91\xa4SN-1\xaaresolution\xacstore_credit\xde\x00\x08\xa7line_id\xa3L-1\xa3"
    b"sku\xa6SKU-10\xa4name\xa0\xa8category\xa8clothing\xa8quantity\x01\xa5price\x82\xa5minor\xcd"
    b"\x13\x83\xa8currency\xa3GBP\xa4tags\x90\xa6reason\xaawrong_item\xa7country\xa2US\xa4zone"
    b"\xa2eu\xacfulfilled_on\xaa2026-01-11\xa7channel\xa3web\xa8customer\xa3c-1\xa8segment"
    b"s\x92\xabmember:gold\xa3vip\xaborder_value\x82\xa5minor\xcd'\x06\xa8currency\xa3GBP\xaborde"
    b"r_units\x03\xaaresolution\xa8original\xa7history\x91\x84\xa9return_id\xa4R-99\xa2on\xaa202"
    b"6-01-01\xa5units\x01\xa5value\x82\xa5minor\xcd\x07\xcb\xa8currency\xa3EUR\xa5drops\x91\x83"
    b"\xa7drop_id\xa3D-1\xa5units\x81\xa3L-1\x01\xa4fees\x91\x83\xa4kind\xa6return\xa5minor\xcd"
    b"\x01'\xa4base\xcd\x07\xcb\xde\x00\x0f\xa9return_id\xa5R-100\xabmerchant_id\xa3M-1\xacorder_"
    b"number\xa6A-1000\xabpostal_code\xa510115\xaashort_code\xa0\xa5state\xaaauthorised"
    b"\xaaordered_on\xaa2026-01-10\xacdelivered_on\xaa2026-01-12\xaaexpires_at\xd6\xffi"
    b"\xa20\x00\xa5lines\x92\xde\x00\n\xa7line_id\xa3L-1\xa3sku\xa6SKU-10\xa4name\xa4shoe\xa8cate"
    b"gory\xa5shoes\xa8quantity\x01\xa5price\x82\xa5minor\xcd\x13\x83\xa8currency\xa3EUR\xa4tags"
    b"\x90\xa5image\xa4shoe\xa6reason\xa9too_small\xa8weight_g\xcd\x01^\xde\x00\x08\xa7line_id"
    b"\xa3L-1\xa3sku\xa6SKU-10\xa4name\xa0\xa8category\xabaccessories\xa8quantity\x01\xa5price"
    b"\x82\xa5minor\xcd\x13\x83\xa8currency\xa3EUR\xa4tags\x90\xa6reason\xa9defective\xa7country"
    b"\xa2DE\xa7channel\xa3web\xa8customer\xa1c\xaborder_value\x82\xa5minor\xcd'\x06\xa8currency"
    b"\xa3EUR\xaborder_units\x02"
)
_WINDOW = -12  # raw deflate, 4 KiB: no row is larger than what repeats in it
_MEMORY = 6


def _lean(kind: Any, made: dict[type, Any]) -> Any:
    """A type like `kind` whose values leave out what is at its default when written."""
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        if kind not in made:
            hints = get_type_hints(kind)
            fields = [_field(one, _lean(hints[one.name], made)) for one in dataclasses.fields(kind)]
            made[kind] = msgspec.defstruct(kind.__name__, fields, omit_defaults=True, gc=False)
        return made[kind]
    parts = [part if part is ... else _lean(part, made) for part in get_args(kind)]
    if not parts:
        return kind
    if isinstance(kind, types.UnionType):
        return reduce(or_, parts)
    return get_origin(kind)[tuple(parts)]


def _field(one: dataclasses.Field[Any], kind: Any) -> tuple[str, Any] | tuple[str, Any, Any]:
    if one.default is not dataclasses.MISSING:
        return one.name, kind, one.default
    if one.default_factory is not dataclasses.MISSING:
        return one.name, kind, msgspec.field(default_factory=one.default_factory)
    return one.name, kind


_LEAN = _lean(Authorisation, {})
_written = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Authorisation).decode
_decode_text = msgspec.json.Decoder(Authorisation).decode
# Copied for each row: setting one up anew takes longer than the row itself.
_DEFLATE = zlib.compressobj(1, zlib.DEFLATED, _WINDOW, _MEMORY, zlib.Z_DEFAULT_STRATEGY, DICTIONARY)
_INFLATE = zlib.decompressobj(_WINDOW, DICTIONARY)


def encode(authorisation: Authorisation) -> bytes:
    lean = msgspec.convert(authorisation, _LEAN, from_attributes=True)
    deflating = _DEFLATE.copy()
    return deflating.compress(_written(lean)) + deflating.flush()


def decode(body: bytes | str) -> Authorisation:
    """What `encode` made, or the JSON text of a file in the first form. Raises
    StoreFailed(CORRUPT) for anything else."""
    try:
        if isinstance(body, str):
            return _decode_text(body)
        return _decode(_INFLATE.copy().decompress(body))
    except (msgspec.MsgspecError, zlib.error, UnicodeError) as error:
        raise StoreFailed(StoreCause.CORRUPT, f"a row of the bundle: {error}") from error
