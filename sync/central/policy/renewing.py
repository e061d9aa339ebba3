"""Bundles are made anew before kiosks run out of time: every few minutes it is looked, by one of
the workers.

It has a thread to itself (`sync.central.app`): a matching that takes hours must not hold up what
kiosks decide by.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from sync.central.centre import Centre
from sync.central.jobs import GoOn, Job
from sync.central.policy.bundling import NotPublished
from sync.central.policy.publishing import renew

_LOG = logging.getLogger(__name__)

EVERY: Final = timedelta(minutes=5)


class NotRenewed(Exception):
    """Of some tenants, by name; the others have what they need."""


def work(centre: Centre, go_on: GoOn) -> str:
    """For each tenant whose key is here, publish again where it is time. Raises NotRenewed once all
    were looked at, so that the table of jobs and the metrics tell of those that lack a bundle."""
    renewed, failed = 0, list[str]()
    for tenant, key in centre.bundle_keys.items():
        if not go_on():
            break
        try:
            made = renew(centre.database, centre.clock, tenant, key)
        except Exception:  # noqa: BLE001 - one tenant's fault must not cost another its bundle
            _LOG.exception("the bundle of %s was not renewed", tenant)
            failed.append(tenant)
            continue
        if isinstance(made, NotPublished):
            _LOG.error("the bundle of %s was not renewed: %s", tenant, "; ".join(made.problems))
            failed.append(tenant)
        else:
            renewed += made is not None
    if failed:
        raise NotRenewed(f"the bundles of {', '.join(failed)} were not renewed; see the log")
    return f"renewed {renewed} of {len(centre.bundle_keys)}"


JOB: Final = Job("bundles", EVERY, work)
