"""Which countries' deliveries may come back here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kiosk.domain.policy.rules.membership import Membership
from kiosk.domain.reasons import Why


@dataclass(frozen=True, slots=True)
class Country(Membership):
    """ISO 3166-1 alpha-2 codes of the delivery address. Parameters: `only`, `never`, `then`
    (kiosk.domain.policy.rules.membership). For the site's own country: `refuse` when
    `site_country`."""

    tag: ClassVar[str] = "country"
    dimension: ClassVar[str] = "country"
    why: ClassVar[Why] = Why.COUNTRY_NOT_SERVED
