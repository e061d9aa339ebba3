"""Policy at the centre: what merchants hold, bundles and their files, versions, roll-outs, drafts.

What puts in and publishes is here by name; everything else is in the module it belongs to.
"""

from sync.central.policy.bundling import NotPublished
from sync.central.policy.listing import latest
from sync.central.policy.publishing import (
    newest,
    publish,
    publish_these,
    put_authorisations,
    put_bundle_key,
    put_code_key,
    put_merchant,
    put_tenant,
    remove_authorisations,
    renew,
    revoke_code,
    roll_back,
)

__all__ = [
    "NotPublished",
    "latest",
    "newest",
    "publish",
    "publish_these",
    "put_authorisations",
    "put_bundle_key",
    "put_code_key",
    "put_merchant",
    "put_tenant",
    "remove_authorisations",
    "renew",
    "revoke_code",
    "roll_back",
]
