"""The demo world: each return does at the evaluator what its description says."""

from __future__ import annotations

import io
import shutil

import pytest

from kiosk.domain import codes
from kiosk.domain.codes.model import BagCode, SignedReturn
from kiosk.domain.policy.evaluate import evaluate
from kiosk.domain.policy.model import Ask, Context, EvidenceKind, Facts, Outcome, Policy, Verdict
from kiosk.domain.policy.rules import build
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.returns import AuthorisationState
from kiosk.seal import codes as sealed
from kiosk.seal.codes import ReturnClaims
from kiosk.world import SystemIds
from sync.central.database import Database
from sync.central.demo import TENANT, fill
from sync.central.policy import newest, packing
from sync.central.tables import bundle_keys
from sync.wire import bundle, lines

IDS = SystemIds()


@pytest.fixture
def url(prepared_file, tmp_path):
    shutil.copy(prepared_file, tmp_path / "centre.db")
    return f"sqlite:///{tmp_path}/centre.db"


@pytest.fixture
def world(url, clock, tmp_path):
    return fill(url, clock, IDS, tmp_path / "keys")


@pytest.fixture
def published(world, url):
    """What a kiosk would read: content and authorisations of the newest bundle."""
    database = Database(url)
    with database.reading() as c:
        keys = {
            row.kid: bytes.fromhex(row.public_key)
            for row in c.execute(bundle_keys.select().where(bundle_keys.c.tenant == TENANT))
        }
    envelope, _ = newest(database, TENANT)
    manifest = bundle.open_manifest(envelope, keys)
    text, [whole] = bundle.find_policy(manifest), bundle.plan(manifest, 0).files
    policy, rows = (
        io.BytesIO(b"".join(packing.read(database, TENANT, file.sha256, 0, file.size)))
        for file in (text, whole)
    )
    returns = {change.return_id: change.put for change in lines.changes(rows, whole)}
    database.close()
    return bundle.read_policy(policy, text, manifest.number), returns


def outcomes(content, authorisation, now):
    rules = tuple(build(spec) for spec in content.rules[authorisation.merchant_id])
    merchant = next(m for m in content.merchants if m.merchant_id == authorisation.merchant_id)
    for line in authorisation.lines:
        context = Context(now, evidence=frozenset(EvidenceKind))  # as every kiosk with a camera
        facts = Facts(authorisation, line, merchant, context, line.quantity)
        said = evaluate(Policy(content.number, merchant.merchant_id, rules), facts)
        match said:
            case Ask():
                yield "ask"
            case Verdict():
                yield said.outcome.value


def test_every_return_is_judged_as_described(world, published, clock):
    content, returns = published
    for one in world.returns:
        authorisation = returns[one.return_id]
        match one.rejected:
            case "return_expired":
                assert authorisation.expires_at < clock.now()
            case "return_cancelled":
                assert authorisation.state is AuthorisationState.CANCELLED
            case _:
                assert tuple(outcomes(content, authorisation, clock.now())) == one.expected, one


def test_every_verdict_there_is_can_be_tried(world):
    told = {outcome for one in world.returns for outcome in one.expected}
    assert told == {"ask", *(outcome.value for outcome in Outcome)}


def test_every_code_opens_its_return(world, published, clock):
    content, returns = published
    for one in world.returns:
        scanned = codes.parse(one.signed_code, one.signed_code.encode(), "]Q1")
        claims = sealed.verify(scanned.cose, content.code_keys, content.audience, clock.now())
        assert isinstance(claims, ReturnClaims)
        assert claims.return_id == one.return_id
        assert codes.parse_short(one.short_code).text == returns[one.return_id].short_code
        assert not isinstance(
            codes.parse_order(one.order_number, one.postal_code), codes.Unreadable
        )


def test_bad_codes_are_bad_for_the_reason_given(world, published, clock):
    content, _ = published
    for bad in world.bad_codes:
        scanned = codes.parse(bad.text, bad.text.encode(), "]Q1")
        if isinstance(scanned, SignedReturn):
            why = sealed.verify(scanned.cose, content.code_keys, content.audience, clock.now())
        else:
            why = scanned.reason
        assert isinstance(why, Reason)
        assert why.why is Why(bad.rejected)


def test_bags_are_bags(world):
    for text in world.bags:
        assert codes.parse(text, text.encode(), "]C0") == BagCode(text)
    assert len(set(world.bags)) == 12


def test_filling_again_gives_new_returns_and_the_next_bundle(world, url, clock, tmp_path):
    again = fill(url, clock, IDS, tmp_path / "keys")
    assert again.policy_number == world.policy_number + 1
    assert not {r.return_id for r in again.returns} & {r.return_id for r in world.returns}


def test_private_keys_are_files_that_only_the_owner_reads(world, tmp_path):
    for path in (tmp_path / "keys").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
    database = (tmp_path / "centre.db").read_bytes()
    for path in (tmp_path / "keys").iterdir():
        assert path.read_bytes() not in database
