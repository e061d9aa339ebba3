"""policy-<number>.db: one bundle's content, read-only, beside the ledger.

Its own file because a bundle of 100,000 rows loaded into the ledger stalled a drop for 0.8 s;
built aside and renamed, a reader sees the old bundle or the new one and never half of one.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice
from pathlib import Path

import msgspec
import sqlcipher3.dbapi2 as driver
from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    insert,
    select,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.elements import ColumnElement

from kiosk.domain import codes
from kiosk.domain.codes.model import OrderLookup, ShortCode
from kiosk.domain.policy import rules
from kiosk.domain.policy.bundle import PolicyContent
from kiosk.domain.policy.model import Policy
from kiosk.domain.returns import Authorisation, Merchant
from kiosk.store.errors import StoreCause, StoreFailed, failed
from kiosk.store.values import moment, stamp

CHUNK = 1_000

metadata = MetaData()
bundle = Table(
    "bundle",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("previous", Integer, nullable=False),
    Column("tenant", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("issued", Text, nullable=False),
    Column("warn_after", Text, nullable=False),
    Column("accept_until", Text, nullable=False),
    Column("content", Text, nullable=False),
)
returns = Table(
    "returns",
    metadata,
    Column("return_id", Text, primary_key=True),
    Column("short_code", Text),  # NULL where what the bundle brings cannot be typed
    Column("order_number", Text),
    Column("postal_code", Text),
    Column("body", Text, nullable=False),
)
third_party = Table(
    # Its own table: a file that an older version of us built simply has none.
    "third_party",
    metadata,
    Column("fingerprint", Text, nullable=False),
    Column("return_id", Text, nullable=False),
)
Index("ix_third_party_fingerprint", third_party.c.fingerprint)
Index("ix_returns_short_code", returns.c.short_code)
Index("ix_returns_order", returns.c.order_number, returns.c.postal_code)


@dataclass(frozen=True, slots=True)
class BundleInfo:
    """What the manifest said of a bundle."""

    number: int
    previous: int
    tenant: str
    scope: str
    issued: datetime
    warn_after: datetime
    accept_until: datetime


def file_of(directory: Path, number: int) -> Path:
    return directory / f"policy-{number}.db"


def build(
    directory: Path,
    info: BundleInfo,
    content: PolicyContent,
    authorisations: Iterable[Authorisation],
) -> Path:
    """Write the file aside, check it, put it in place. Raises StoreFailed; leaves nothing."""
    part = directory / f"policy-{info.number}.part"
    part.unlink(missing_ok=True)
    try:
        with _writing(part) as connection:
            metadata.create_all(connection)
            connection.execute(insert(bundle).values(_info_row(info, content)))
            given = iter(authorisations)
            while chunk := list(islice(given, CHUNK)):
                connection.execute(insert(returns), [_row(one) for one in chunk])
                if named := [_named(one) for one in chunk if one.third_party]:
                    connection.execute(insert(third_party), named)
            connection.commit()
            if connection.exec_driver_sql("PRAGMA quick_check").scalar() != "ok":
                raise StoreFailed(StoreCause.CORRUPT, f"{part} failed its check")
        _sync(part)
        target = file_of(directory, info.number)
        part.replace(target)
        _sync(directory)
    except (SQLAlchemyError, driver.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise failed(getattr(error, "orig", None) or error) from error
    except StoreFailed:
        part.unlink(missing_ok=True)
        raise
    return target


@contextmanager
def _writing(path: Path) -> Iterator[Connection]:
    """Fast and unsafe on purpose: nobody sees this file before it is checked and synced."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    engine = create_engine(f"sqlite:///{path}", module=driver, poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=OFF")
        connection.exec_driver_sql("PRAGMA synchronous=OFF")
        yield connection


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _info_row(info: BundleInfo, content: PolicyContent) -> dict[str, str | int]:
    return {
        "number": info.number,
        "previous": info.previous,
        "tenant": info.tenant,
        "scope": info.scope,
        "issued": stamp(info.issued),
        "warn_after": stamp(info.warn_after),
        "accept_until": stamp(info.accept_until),
        "content": msgspec.json.encode(content).decode("utf-8"),
    }


def _row(authorisation: Authorisation) -> dict[str, str | None]:
    """Look-up keys are made by the very functions that read what a shopper types."""
    short = codes.parse_short(authorisation.short_code)
    order = codes.parse_order(authorisation.order_number, authorisation.postal_code)
    typed = order if isinstance(order, OrderLookup) else None
    return {
        "return_id": authorisation.return_id,
        "short_code": short.text if isinstance(short, ShortCode) else None,
        "order_number": typed.order_number if typed else None,
        "postal_code": typed.postal_code if typed else None,
        "body": msgspec.json.encode(authorisation).decode("utf-8"),
    }


def _named(authorisation: Authorisation) -> dict[str, str]:
    return {"fingerprint": authorisation.third_party, "return_id": authorisation.return_id}


def newest(directory: Path) -> ActivePolicy | None:
    """The highest-numbered bundle in a data directory, without the ledger: for tools beside a
    running kiosk. Raises StoreFailed."""
    numbers = [
        int(path.stem.removeprefix("policy-"))
        for path in directory.glob("policy-*.db")
        if path.stem.removeprefix("policy-").isdecimal()
    ]
    return ActivePolicy(file_of(directory, max(numbers))) if numbers else None


class ActivePolicy:
    """The bundle in force, opened read-only. Safe from any thread; raises StoreFailed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._policies: dict[str, Policy] = {}
        self._decoder = msgspec.json.Decoder(Authorisation)

        def connect() -> object:
            uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
            return driver.connect(uri, uri=True, isolation_level=None, check_same_thread=False)

        engine = create_engine("sqlite://", module=driver, creator=connect, poolclass=NullPool)
        try:
            self._connection = engine.connect()
            row = self._connection.execute(select(bundle)).one()
            self._knows_third_party = self._has(third_party)
            self.info = BundleInfo(
                number=row.number,
                previous=row.previous,
                tenant=row.tenant,
                scope=row.scope,
                issued=moment(row.issued),
                warn_after=moment(row.warn_after),
                accept_until=moment(row.accept_until),
            )
        except (SQLAlchemyError, driver.Error, OSError, ValueError) as error:
            raise failed(getattr(error, "orig", None) or error) from error
        self._content_text: str = row.content

    @property
    def number(self) -> int:
        return self.info.number

    @property
    def warn_after(self) -> datetime:
        return self.info.warn_after

    @property
    def accept_until(self) -> datetime:
        return self.info.accept_until

    @cached_property
    def content(self) -> PolicyContent:
        return msgspec.json.decode(self._content_text, type=PolicyContent)

    @cached_property
    def merchants(self) -> dict[str, Merchant]:
        return {merchant.merchant_id: merchant for merchant in self.content.merchants}

    @cached_property
    def revoked_codes(self) -> frozenset[str]:
        return frozenset(self.content.revoked_codes)

    def policy_for(self, merchant_id: str) -> Policy:
        """The merchant's rules; an unknown merchant has none, and no rule means no acceptance."""
        found = self._policies.get(merchant_id)
        if found is None:
            specs = self.content.rules.get(merchant_id, ())
            found = Policy(self.number, merchant_id, tuple(rules.build(spec) for spec in specs))
            self._policies[merchant_id] = found
        return found

    def find_return(self, return_id: str) -> Authorisation | None:
        return self._one(self._find(returns.c.return_id == return_id))

    def find_short(self, short_code: str) -> Authorisation | None:
        """By the normalised short code; None also where two returns share it: no guessing."""
        return self._one(self._find(returns.c.short_code == short_code))

    def find_orders(self, order_number: str, postal_code: str) -> tuple[Authorisation, ...]:
        """Every return of that order, by return id."""
        return self._find(
            (returns.c.order_number == order_number) & (returns.c.postal_code == postal_code)
        )

    def find_third_party(self, fingerprint: str) -> Authorisation | None:
        """By the fingerprint of another network's code; None also where two returns share it."""
        if not fingerprint or not self._knows_third_party:
            return None
        named = select(third_party.c.return_id).where(third_party.c.fingerprint == fingerprint)
        return self._one(self._find(returns.c.return_id.in_(named)))

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def _has(self, table: Table) -> bool:
        found = self._connection.exec_driver_sql(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table.name,)
        )
        return found.scalar() is not None

    def _find(self, where: ColumnElement[bool]) -> tuple[Authorisation, ...]:
        statement = select(returns.c.body).where(where).order_by(returns.c.return_id)
        with self._lock:
            try:
                bodies = self._connection.execute(statement).scalars().all()
            except (SQLAlchemyError, driver.Error) as error:
                raise failed(getattr(error, "orig", None) or error) from error
        return tuple(self._decoder.decode(body) for body in bodies)

    def _one(self, found: tuple[Authorisation, ...]) -> Authorisation | None:
        return found[0] if len(found) == 1 else None
