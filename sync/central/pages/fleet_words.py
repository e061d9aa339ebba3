"""What pages of kiosks call needs, devices, troubles over time, orders and settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from babel import Locale
from babel.dates import format_timedelta

from kiosk.ports import DeviceFault, DeviceState, Trouble
from kiosk.words import Words
from sync.central.fleet import settable
from sync.central.fleet.joining import NotMade
from sync.central.fleet.needs import Need
from sync.central.fleet.settable import Kind, Setting
from sync.central.fleet.spans import SILENT


class FleetWords:
    """Handed to templates of kiosks as `told`."""

    def __init__(self, words: Words, now: datetime) -> None:
        self._words, self._t, self._now = words, words.t, now
        self._locale = Locale.parse(words.language, sep="-")

    def ago(self, at: datetime) -> str:
        """3 hours ago."""
        span = at - self._now
        return format_timedelta(span, add_direction=True, locale=self._locale)

    def lasted(self, begin: datetime, end: datetime) -> str:
        """3 hours."""
        return format_timedelta(end - begin, locale=self._locale)

    def level(self, level: str, contact: str) -> str:
        """One word for how a kiosk is."""
        t = self._t
        if contact in ("revoked", "never"):
            return t("Revoked") if contact == "revoked" else t("Not heard of yet")
        known = {"bad": t("Out of service"), "care": t("Needs a look"), "good": t("All well")}
        return t("Silent") if contact == "quiet" else known[level]

    def needs(self, row: Mapping[str, Any]) -> list[str]:
        """Why a kiosk needs somebody, a sentence each."""
        said = [one for need in row["needs"] for one in self._need(Need(need), row)]
        return list(dict.fromkeys(said))

    def _need(self, need: Need, row: Mapping[str, Any]) -> list[str]:
        t, n = self._t, self._words.n
        match need:
            case Need.STOPPED | Need.TROUBLE:
                return [self.trouble(code) for code in str(row["troubles"]).split()]
            case Need.SILENT:
                return [t("Last heard of {span}.", span=self.ago(row["last_seen_at"]))]
            case Need.QUEUE:
                span = self.lasted(row["waiting_since"], self._now)
                return [
                    n(
                        "{n} record waits, for {span}.",
                        "{n} records wait, the oldest for {span}.",
                        row["queued"],
                        span=span,
                    )
                ]
            case Need.POLICY:
                return [t("Newer rules were published {span}.", span=self.ago(row["behind_since"]))]
            case Need.CLOCK:
                return [t("Its clock is {seconds} s off.", seconds=row["clock_offset_ms"] // 1000)]
            case Need.DISK:
                return [t("Its disk has {megabytes} MB left.", megabytes=row["disk_free_mb"])]
            case Need.NEVER:
                return [t("It is enrolled and has not called yet.")]
            case Need.LOOK:
                return [t("A part of how a shop looks is not used.")]

    def said(self, row: Mapping[str, Any]) -> list[str]:
        """What a page says already where it tells the troubles with their mends."""
        codes = str(row["troubles"]).split() if row["contact"] == "here" else []
        return [self.trouble(code) for code in codes]

    def trouble(self, code: str) -> str:
        """As the kiosk itself says it."""
        t = self._t
        if code == SILENT:
            return t("Not heard of")
        try:
            return self._words.trouble(Trouble(code))
        except ValueError:
            return code

    def family(self, code: str) -> str:
        t = self._t
        known = {"printer": t("Printer"), "scanner": t("Scanner"), "store": t("Records")}
        return known.get(code, code)

    def part_state(self, code: str) -> str:
        t = self._t
        known: dict[str, str] = {
            DeviceState.READY: t("Ready"),
            DeviceState.WARNING: t("Works, with a warning"),
            DeviceState.FAULTY: t("Out of order"),
            DeviceState.ABSENT: t("Not there"),
            DeviceState.UNKNOWN: t("Not known"),
        }
        return known.get(code, code)

    def command(self, kind: str) -> str:
        t = self._t
        known = {
            "pull_policy": t("Fetch the newest rules now"),
            "self_test": t("Look itself over, and tell what is wrong"),
            "diagnostics": t("Tell all that it finds about itself"),
            "logs": t("Tell the newest lines of its log"),
            "picture": t("Send a picture of its screen"),
            "restart": t("Restart, as soon as nobody stands there"),
            "rotate_key": t("Make itself a new key"),
        }
        return known.get(kind, kind)

    def outcome(self, code: str) -> str:
        t = self._t
        known = {
            "waits": t("Waits for the kiosk"),
            "late": t("Not done in time"),
            "done": t("Done"),
            "failed": t("Did not work"),
            "expired": t("Came too late"),
            "unknown": t("Not known to its software"),
            "taken": t("In force"),
            "refused": t("Refused"),
        }
        return known.get(code, code)

    def setting(self, name: str) -> str:
        t = self._t
        known = {
            "site_name": t("Name of the shop, as receipts have it"),
            "languages": t("Languages, the first is the default"),
            "timezone": t("Time zone, as {example}", example="Europe/Berlin"),
            "country": t("Country, in two letters"),
            "staffed": t("A person at the site can be sent for"),
            "counter": t("A staffed counter stands beside it"),
            "opening_mm": t("Longest item the opening takes, in mm; 0 for no limit"),
            "screen.theme": t("Theme of the screen"),
            "timing.idle": t("A screen waits for the shopper, in seconds"),
            "timing.warning": t("The countdown before it gives up, in seconds"),
            "timing.receipt": t("The receipt stays on the screen, in seconds"),
            "timing.done": t("Another return may follow, in seconds"),
            "timing.problem": t("An error stays on the screen, in seconds"),
            "centre.timeout_s": t("Patience for one answer of the centre, in seconds"),
        }
        return known.get(name, name)

    def not_made(self, why: NotMade) -> str:
        """Why there is no one-time code."""
        t = self._t
        known = {
            NotMade.BAD_SITE: t("Say where it stands, in 1 to 100 characters."),
            NotMade.BAD_CODE: t("Use 1 to 8 capital letters and digits, as K1."),
            NotMade.TAKEN: t(
                "A kiosk has this code. Choose another one, or revoke that kiosk first."
            ),
            NotMade.USED: t(
                "A revoked kiosk had this code, and its drop numbers would come again."
            ),
        }
        return known[why]

    def bounds(self, setting: Setting) -> str:
        """What a field takes, where it is not right."""
        t = self._t
        match setting.kind:
            case Kind.WHOLE | Kind.SECONDS:
                least, most = settable.shown(setting.least), settable.shown(setting.most)
                return t("A number from {least} to {most}.", least=least, most=most)
            case Kind.COUNTRY:
                return t("Two letters, as {example}.", example="DE")
            case Kind.LANGUAGES:
                return t("Tags of languages, as {example}.", example="en, de")
            case Kind.ZONE:
                return t("A name of the time zone database, as {example}.", example="Europe/Berlin")
            case Kind.TEXT | Kind.FLAG | Kind.THEME:
                return t("This cannot be used here.")

    def fault(self, code: str) -> str:
        try:
            return self._words.fault(DeviceFault(code))
        except ValueError:
            return code
