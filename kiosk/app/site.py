"""What rules may ask of the kiosk itself: where it stands, and what it can take and tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kiosk.domain.policy.model import Context, EvidenceKind

if TYPE_CHECKING:
    from kiosk.settings import Settings
    from kiosk.store.policy_file import ActivePolicy

CAMERAS = frozenset({"camera", "virtual-camera"})
"""Drivers of scanners that can photograph as well."""

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Site:
    """From the settings. `name` and `country` (ISO 3166-1 alpha-2) are "" where nobody said;
    `opening_mm` is 0 where nothing is too long; `staffed` tells whether a person is at hand.

    A serial number can always be shown here: it is typed. A photograph where `photos` says that
    a camera is there and may be used for it; rules that want one answer STAFF elsewhere.
    """

    name: str = ""
    country: str = ""
    opening_mm: int = 0
    staffed: bool = True
    photos: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Site:
        """What the settings say: the kiosk's and every tool's beside it, so that they agree."""
        cameras = any(scanner.driver in CAMERAS for scanner in settings.scanners)
        return cls(
            settings.site_name,
            settings.country,
            settings.opening_mm,
            settings.staffed,
            photos=cameras and settings.photos.enabled,
        )

    def context(self, now: datetime, offline: bool, policy: ActivePolicy) -> Context:
        """The situation at `now` under this bundle. No driver measures the bin: it stays None."""
        photo = frozenset({EvidenceKind.PHOTO}) if self.photos else frozenset[EvidenceKind]()
        age = max(timedelta(0), now - policy.info.issued)
        return Context(
            now,
            offline,
            policy_stale=now >= policy.warn_after,
            policy_age_hours=age // _HOUR,
            opening_mm=self.opening_mm,
            site=self.name,
            site_country=self.country,
            evidence=photo | {EvidenceKind.SERIAL},
            staffed=self.staffed,
        )
