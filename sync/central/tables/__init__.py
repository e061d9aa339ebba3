"""The centre's tables. Every row carries its tenant, and its device where it has one.

The truth is `events` and `links`; `drops`, `drop_lines`, `claims` and the telling columns of
`devices` are folded from them and could be built again. One module for each family of tables; a
new one is named here, or the migrations do not see it.
"""

from sync.central.tables.audit import limits, office_audit, office_audit_heads
from sync.central.tables.base import metadata, tenants
from sync.central.tables.cases import case_events, case_links, cases
from sync.central.tables.exports import epcis_names
from sync.central.tables.hooks import webhook_deliveries, webhooks
from sync.central.tables.jobs import jobs, keeping
from sync.central.tables.kiosks import (
    attempts,
    device_commands,
    device_settings,
    device_spans,
    devices,
    enrolments,
    epochs,
    nonces,
    old_keys,
)
from sync.central.tables.people import invitations, people, recovery_codes, sessions, ways
from sync.central.tables.policy import (
    authorisations,
    bundle_chunks,
    bundle_files,
    bundle_keys,
    bundles,
    code_keys,
    key_rings,
    merchants,
    policies,
    policy_drafts,
    policy_rollouts,
    policy_trials,
    removed_authorisations,
    revoked_codes,
    third_party_forms,
)
from sync.central.tables.reconcile import (
    awaited,
    books,
    closings,
    differences,
    import_maps,
    imports,
    movements,
    numberings,
    reconciled,
    tolerances,
)
from sync.central.tables.rest import (
    api_answers,
    api_keys,
    merchant_events,
    merchant_heads,
    merchant_refunds,
)
from sync.central.tables.told import (
    claims,
    drop_lines,
    drop_photos,
    drops,
    events,
    heads,
    links,
    photos,
)

__all__ = [
    "api_answers",
    "api_keys",
    "attempts",
    "authorisations",
    "awaited",
    "books",
    "bundle_chunks",
    "bundle_files",
    "bundle_keys",
    "bundles",
    "case_events",
    "case_links",
    "cases",
    "claims",
    "closings",
    "code_keys",
    "device_commands",
    "device_settings",
    "device_spans",
    "devices",
    "differences",
    "drop_lines",
    "drop_photos",
    "drops",
    "enrolments",
    "epcis_names",
    "epochs",
    "events",
    "heads",
    "import_maps",
    "imports",
    "invitations",
    "jobs",
    "keeping",
    "key_rings",
    "limits",
    "links",
    "merchant_events",
    "merchant_heads",
    "merchant_refunds",
    "merchants",
    "metadata",
    "movements",
    "nonces",
    "numberings",
    "office_audit",
    "office_audit_heads",
    "old_keys",
    "people",
    "photos",
    "policies",
    "policy_drafts",
    "policy_rollouts",
    "policy_trials",
    "reconciled",
    "recovery_codes",
    "removed_authorisations",
    "revoked_codes",
    "sessions",
    "tenants",
    "third_party_forms",
    "tolerances",
    "ways",
    "webhook_deliveries",
    "webhooks",
]
