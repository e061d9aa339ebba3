"""What pages call goods on their way: things, stages, sources, grades."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kiosk.words import Words
from sync.central.finding import Thing
from sync.central.reconcile.model import NOT_COUNTED, Kind


class GoodsWords:
    """Handed to the templates of search, goods and books as `goods`."""

    def __init__(self, words: Words) -> None:
        self._t = words.t
        self._n = words.n

    def thing(self, code: str) -> str:
        t = self._t
        known: dict[str, str] = {
            Thing.BAG: t("Bag"),
            Thing.CONTAINER: t("Container"),
            Thing.MANIFEST: t("Hand-over list"),
            Thing.RETURN: t("Return"),
        }
        return known.get(code, code)

    def stage(self, code: str) -> str:
        """What was told; the name of a column of the books, too."""
        t = self._t
        known: dict[str, str] = {
            "dropped": t("Dropped"),
            "voided": t("Drop taken back"),
            Kind.CONTAINED: t("In a container"),
            Kind.HANDED_OVER: t("Handed over"),
            Kind.ACKNOWLEDGED: t("Carrier has it"),
            Kind.RECEIVED: t("Received at the hub"),
            Kind.GRADED: t("Looked at"),
            Kind.DISPOSED: t("Dealt with"),
            Kind.REFUNDED: t("Refunded"),
        }
        return known.get(code, code)

    def source(self, code: str) -> tuple[str, str]:
        """Who told: what they are and what they are called."""
        t = self._t
        kind, _, name = code.partition(":")
        known = {
            "shop": t("Site"),
            "carrier": t("Carrier"),
            "hub": t("Hub"),
            "merchant": t("Shop"),
        }
        return (known[kind], name) if kind in known and name else (code, "")

    def counted(self, row: Mapping[str, Any]) -> str:
        """What was counted inside, "" where nobody counted."""
        count, n = int(row["count"]), self._n
        if count == NOT_COUNTED:
            return ""
        if row["line_id"] or row["bag_id"]:
            return n("{n} item", "{n} items", count)
        if row["container_id"]:
            return n("{n} bag", "{n} bags", count)
        return n("{n} container", "{n} containers", count)

    def state(self, code: str) -> str:
        """Of a return that nothing came of yet."""
        t = self._t
        known = {
            "requested": t("Asked for"),
            "in_review": t("Looked at by the shop"),
            "authorised": t("Allowed"),
            "rejected": t("Turned down"),
            "expired": t("Expired"),
            "cancelled": t("Called off"),
            "closed": t("Closed"),
        }
        return known.get(code, code)
