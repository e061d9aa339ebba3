"""Rows as Apache Parquet: amounts as decimals, moments as UTC timestamps in microseconds.

Needs pyarrow, which only this imports: `pip install takeback[parquet]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sync.central.exports.asking import Asked
from sync.central.exports.columns import Column, Kind, Row

GROUP = 20_000
"""Rows of a row group: what is in memory at once."""
_PRECISION, _SCALE = 24, 4  # a 64-bit count of minor units, and the most digits of a currency


class _Sink:
    """A file that only grows, whose content is taken away as it comes."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0
        self.closed = False

    def write(self, data: Any) -> int:
        part = bytes(data)
        self._parts.append(part)
        self._size += len(part)
        return len(part)

    def tell(self) -> int:
        return self._size

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        self.closed = True

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def taken(self) -> bytes:
        whole, self._parts = b"".join(self._parts), []
        return whole


def chunks(
    asked: Asked, columns: tuple[Column, ...], rows: Iterable[Row], created: datetime
) -> Iterator[bytes]:
    """The file in parts, one for each row group. ImportError without pyarrow."""
    import pyarrow as pa
    from pyarrow import parquet

    sink = _Sink()
    schema = _schema(pa, asked, columns, created)
    with parquet.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression="zstd") as writer:
        waiting = iter(rows)
        while group := list(islice(waiting, GROUP)):
            arrays = [
                pa.array(values, type=field.type)
                for values, field in zip(zip(*group, strict=True), schema, strict=True)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema), row_group_size=GROUP)
            yield sink.taken()
    yield sink.taken()


def _schema(pa: Any, asked: Asked, columns: tuple[Column, ...], created: datetime) -> Any:
    types = {
        Kind.TEXT: pa.string(),
        Kind.WHOLE: pa.int64(),
        Kind.MONEY: pa.decimal128(_PRECISION, _SCALE),
        Kind.MOMENT: pa.timestamp("us", tz="UTC"),
        Kind.FLAG: pa.bool_(),
    }
    fields = [
        pa.field(column.name, types[column.kind], metadata={"meaning": column.meaning})
        for column in columns
    ]
    about = {
        "takeback.tenant": asked.scope.tenant,
        "takeback.first": str(asked.first),
        "takeback.last": str(asked.last),
        "takeback.timezone": asked.zone.key,
        "takeback.created": created.astimezone(UTC).isoformat(timespec="seconds"),
    }
    return pa.schema(fields, metadata=about)
