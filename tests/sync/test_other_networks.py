"""Another network's code, from the centre's authorisation into the bundle that a kiosk takes."""

from __future__ import annotations

import io

import msgspec
import pytest

from kiosk.domain.codes.third_party import ThirdPartyForm, fingerprint
from kiosk.domain.policy.bundle import PolicyContent
from kiosk.domain.returns import Authorisation
from sync.central import networks, policy
from sync.central.database import Database
from sync.central.policy import packing
from sync.central.tables import tenants
from sync.wire import bundle, codec
from tests.sync.conftest import BUNDLE_KEY, IDS, TENANT, TestClock

NORTH = ThirdPartyForm("northbox", "NBX-[0-9A-Z]{16}", ("]Q",))
SECRET = b"NBX-0123456789ABCDEF"


@pytest.fixture
def database(database_url):
    opened = Database(database_url)
    policy.put_tenant(opened, TENANT, "Acme returns", "acme-kiosks")
    policy.put_bundle_key(opened, TENANT, BUNDLE_KEY)
    yield opened
    opened.close()


def published(database) -> tuple[PolicyContent, bytes]:
    manifest = policy.publish(database, TestClock(), TENANT, BUNDLE_KEY)
    assert not isinstance(manifest, policy.NotPublished), manifest
    file = bundle.find_policy(manifest)
    data = b"".join(packing.read(database, TENANT, file.sha256, 0, file.size))
    content = bundle.read_policy(io.BytesIO(data), file, manifest.number)
    return content, codec.unpack(data, 1 << 20)


def test_form_and_pepper_go_out_and_the_code_does_not(database):
    networks.put_form(database, IDS, TENANT, NORTH)
    print_ = networks.fingerprint_of(database, TENANT, "northbox", SECRET)
    content, text = published(database)
    assert content.third_party == (NORTH,)
    assert print_ == fingerprint("northbox", SECRET, bytes.fromhex(content.code_pepper))
    assert len(content.code_pepper) == 64
    assert SECRET not in text


def test_the_pepper_is_made_once_and_outlives_every_change(database):
    networks.put_form(database, IDS, TENANT, NORTH)
    before = networks.fingerprint_of(database, TENANT, "northbox", SECRET)
    networks.put_form(database, IDS, TENANT, ThirdPartyForm("northbox", "NBX[0-9A-Z]{17}"))
    policy.put_tenant(database, TENANT, "Acme returns", "acme-kiosks")
    assert networks.fingerprint_of(database, TENANT, "northbox", SECRET) == before
    networks.drop_form(database, TENANT, "northbox")
    assert published(database)[0].third_party == ()
    assert networks.fingerprint_of(database, TENANT, "northbox", SECRET) == before


def test_two_tenants_never_agree_on_a_fingerprint(database):
    policy.put_tenant(database, "other", "Other returns", "other-kiosks")
    for tenant in (TENANT, "other"):
        networks.put_form(database, IDS, tenant, NORTH)
    made = {networks.fingerprint_of(database, t, "northbox", SECRET) for t in (TENANT, "other")}
    assert len(made) == 2


def test_without_a_form_there_is_nothing_to_make_a_fingerprint_with(database):
    with pytest.raises(LookupError):
        networks.fingerprint_of(database, TENANT, "northbox", SECRET)
    with database.reading() as c:
        assert c.execute(tenants.select()).one().code_pepper == ""


@pytest.mark.parametrize(
    ("forms", "why"),
    [
        ([ThirdPartyForm("a", "A[0-9]{3}")], "can be guessed"),
        ([ThirdPartyForm("a", "A[")], "no end"),
        ([NORTH, ThirdPartyForm("southbox", "[A-Z]{3}-[0-9A-Z]{16}")], "both forms"),
    ],
)
def test_forms_that_would_do_harm_are_not_published(database, forms, why):
    for form in forms:
        networks.put_form(database, IDS, TENANT, form)
    answer = policy.publish(database, TestClock(), TENANT, BUNDLE_KEY)
    assert isinstance(answer, policy.NotPublished)
    assert why in answer.problems[0]


def test_what_an_older_centre_wrote_is_still_read(a_return):
    """Bundles and authorisations without the fields, as they lie in databases and on kiosks."""
    plain = msgspec.to_builtins(PolicyContent(1, "a", (), {}, ()))
    del plain["third_party"], plain["code_pepper"]
    assert codec.decode(codec.encode(plain), PolicyContent).third_party == ()
    told = msgspec.to_builtins(a_return)
    del told["third_party"]
    assert codec.decode(codec.encode(told), Authorisation).third_party == ""


@pytest.fixture
def a_return() -> Authorisation:
    from datetime import date

    from kiosk.domain.returns import AuthorisationState

    day = date(2026, 5, 1)
    state = AuthorisationState.AUTHORISED
    return Authorisation("R-1", "m", "1", "2", "", state, day, day, None, ())
