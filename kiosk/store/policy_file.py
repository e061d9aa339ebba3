"""The bundle in force, read-only beside the ledger: who looks up a return asks here."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import sqlcipher3.dbapi2 as driver

from kiosk.domain.policy import rules
from kiosk.domain.policy.bundle import PolicyContent
from kiosk.domain.policy.model import Policy, Rule
from kiosk.domain.returns import Authorisation, Merchant
from kiosk.seal.codes import Pinned
from kiosk.store import keys, policy_rows
from kiosk.store.errors import StoreCause, StoreFailed, failed
from kiosk.store.policy_building import Below, attach, has_table, read_only
from kiosk.store.policy_info import BundleInfo, file_of, numbers
from kiosk.store.policy_looks import Dressed, dress
from kiosk.store.policy_schema import FORM, KNOWN, By, find
from kiosk.store.values import moment

CACHE_KIB = 16_384
"""Holds the inner pages of every index at ten million rows, so that a look-up reads leaves only."""

__all__ = ["ActivePolicy", "BundleInfo", "file_of", "newest"]


def newest(directory: Path) -> ActivePolicy | None:
    """The highest-numbered bundle in a data directory, without the ledger: for tools beside a
    running kiosk. Raises StoreFailed."""
    found = numbers(directory)
    return ActivePolicy(file_of(directory, found[0])) if found else None


class ActivePolicy:
    """A bundle opened read-only, its layer and its base as one. Safe from any thread; raises
    StoreFailed. Bound to the driver itself: a verdict waits for every look-up.

    It stays open for as long as anybody holds it: a visit goes on under the bundle it began with,
    however many come into force meanwhile. Its files may be unlinked by then.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._policies: dict[str, Policy] = {}
        self._built: dict[bytes, tuple[Rule, ...]] = {}
        self._connection: Any = None
        self._closing: weakref.finalize[[], ActivePolicy] | None = None
        try:
            self._connection = driver.connect(
                read_only(path), uri=True, isolation_level=None, check_same_thread=False
            )
            self._closing = weakref.finalize(self, self._connection.close)
            keys.unlock(self._connection, path)
            self._read()
        except (driver.Error, OSError, ValueError, TypeError) as error:
            self.close()
            raise failed(error) from error
        except StoreFailed:
            self.close()
            raise

    def _read(self) -> None:
        size = self._one("PRAGMA page_count")[0] * int(self._one("PRAGMA page_size")[0])
        if self.path.stat().st_size != size:  # quick_check is for whoever wrote it: it takes long
            raise StoreFailed(StoreCause.CORRUPT, f"{self.path} is cut off")
        form = self._one("PRAGMA user_version")[0]
        if form not in KNOWN:
            raise StoreFailed(StoreCause.NEWER, f"{self.path} is of form {form}")
        row = self._one(
            "SELECT number, previous, tenant, scope, issued, warn_after, accept_until, content"
            " FROM bundle"
        )
        *names, issued, warn_after, accept_until, self._content_text = row
        number, previous, tenant, scope = names
        times = moment(issued), moment(warn_after), moment(accept_until)
        self.info = BundleInfo(number, previous, tenant, scope, *times)
        self.base = int(self._one("SELECT base FROM bundle")[0]) if form == FORM else 0
        if self.base:
            self._lay_over(file_of(self.path.parent, self.base))
        layers = 2 if self.base else 1
        self._connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        self._asking = {by: (find(by, layers == 2), layers) for by in By}
        if not has_table(self._connection, self._bottom, "third_party"):
            # A first form's knows no other networks; its layer does.
            del self._asking[By.THIRD_PARTY]
            if self.base:
                self._asking[By.THIRD_PARTY] = (find(By.THIRD_PARTY, layered=False), 1)

    @property
    def _bottom(self) -> str:
        return "base" if self.base else "main"

    def _lay_over(self, base: Path) -> None:
        attach(self._connection, "base", base)
        if self._one("SELECT number FROM base.bundle")[0] != self.base:
            raise StoreFailed(StoreCause.CORRUPT, f"{base} is not what its name says")
        of_form = self._one("PRAGMA base.user_version")[0]
        if of_form not in KNOWN:
            raise StoreFailed(StoreCause.NEWER, f"{base} is of form {of_form}")
        if of_form == FORM and self._one("SELECT base FROM base.bundle")[0]:
            raise StoreFailed(StoreCause.CORRUPT, f"{base} is itself a layer")

    @property
    def number(self) -> int:
        return self.info.number

    @property
    def warn_after(self) -> datetime:
        return self.info.warn_after

    @property
    def accept_until(self) -> datetime:
        return self.info.accept_until

    @property
    def whole(self) -> Path:
        """The file that holds all returns, up to the layer's changes."""
        return file_of(self.path.parent, self.base) if self.base else self.path

    def below(self) -> Below:
        """What a further layer would lie on."""
        number = self.base or self.number
        layer = self.path if self.base else None
        with self._lock:
            rows = self._one(f"SELECT max(rowid) FROM {self._bottom}.returns")  # noqa: S608 - ours
        return Below(number, int(rows[0] or 0), layer)

    @cached_property
    def content(self) -> PolicyContent:
        return msgspec.json.decode(self._content_text, type=PolicyContent)

    @cached_property
    def dressed(self) -> Dressed:
        return dress(self.content)

    @property
    def merchants(self) -> dict[str, Merchant]:
        """By id, in their own looks."""
        return self.dressed.merchants

    @cached_property
    def pinned(self) -> Pinned:
        """The keys of signed return codes."""
        return Pinned(self.content.code_keys)

    @cached_property
    def revoked_codes(self) -> frozenset[str]:
        return frozenset(self.content.revoked_codes)

    def policy_for(self, merchant_id: str) -> Policy:
        """The merchant's rules; an unknown merchant has none, and no rule means no acceptance."""
        found = self._policies.get(merchant_id)
        if found is None:
            specs = self.content.rules.get(merchant_id, ())
            found = Policy(self.number, merchant_id, self._rules(specs))
            self._policies[merchant_id] = found
        return found

    def _rules(self, specs: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
        """Built once for all merchants who write the same: fewer to build, to keep and to have at
        hand when the next shopper comes from another shop."""
        written = msgspec.json.encode(specs)
        found = self._built.get(written)
        if found is None:
            found = self._built[written] = tuple(rules.build(spec) for spec in specs)
        return found

    def find_return(self, return_id: str) -> Authorisation | None:
        return _only(self._find(By.RETURN, return_id))

    def find_short(self, short_code: str) -> Authorisation | None:
        """By the normalised short code; None also where two returns share it: no guessing."""
        return _only(self._find(By.SHORT, short_code))

    def find_orders(self, order_number: str, postal_code: str) -> tuple[Authorisation, ...]:
        """Every return of that order, by return id."""
        return self._find(By.ORDER, order_number, postal_code)

    def find_third_party(self, fingerprint: str) -> Authorisation | None:
        """By the fingerprint of another network's code; None also where two returns share it."""
        if not fingerprint or By.THIRD_PARTY not in self._asking:
            return None
        return _only(self._find(By.THIRD_PARTY, fingerprint))

    def close(self) -> None:
        """At once, whoever still holds it: every further question raises StoreFailed."""
        with self._lock:
            if self._closing is not None:
                self._closing()

    def _one(self, query: str) -> tuple[Any, ...]:
        """A row that every file has. TypeError where it is not there."""
        row: tuple[Any, ...] | None = self._connection.execute(query).fetchone()
        if row is None:
            raise TypeError(f"{self.path} lacks what every bundle has")
        return row

    def _find(self, by: By, *keys: str) -> tuple[Authorisation, ...]:
        query, times = self._asking[by]
        with self._lock:
            try:
                rows = self._connection.execute(query, keys * times).fetchall()
            except driver.Error as error:
                raise failed(error) from error
        if len(rows) > 1:
            rows.sort()
        return tuple([policy_rows.decode(body) for _, body in rows])


def _only(found: tuple[Authorisation, ...]) -> Authorisation | None:
    return found[0] if len(found) == 1 else None
