"""The people of the back office: who they are, how they show it, what they may.

`passwords`, `codes` (second factor), `sessions`, `signing_in`; `managing` is what one person does
to another's account, `account` what they do to their own, `links` how they come to a password,
`creating` the first of them; `issuers` and `oidc` let another service say who somebody is (OpenID
Connect).
"""

from __future__ import annotations

from sync.central.people.creating import create_admin
from sync.central.people.passwords import (
    LEAST_ALONE,
    LEAST_PASSWORD,
    hash_password,
    make_password,
    password_fits,
)
from sync.central.people.persons import Person
from sync.central.people.sessions import IDLE, LONGEST, Browser, sign_out, signed_in
from sync.central.people.signing_in import sign_in

__all__ = [
    "IDLE",
    "LEAST_ALONE",
    "LEAST_PASSWORD",
    "LONGEST",
    "Browser",
    "Person",
    "create_admin",
    "hash_password",
    "make_password",
    "password_fits",
    "sign_in",
    "sign_out",
    "signed_in",
]
