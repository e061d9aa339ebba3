"""Over every operation that there is: no key opens another merchant's, hub's, carrier's or
tenant's rows, neither to see them nor to change them. An operation that is new is in here at once,
or these tests fail for want of its example."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from sync.central.rest import goods_shapes, hook_shapes, parcel_shapes, shapes
from sync.central.rest.keys import Role
from sync.central.rest.operations import ALL
from sync.central.tables import metadata
from tests.sync.conftest import DATABASES
from tests.sync.rest.conftest import Caller, a_return
from tests.sync.rest.test_merchants_returns import problem

pytestmark = pytest.mark.parametrize("database_url", DATABASES[:1], indirect=True)
BY_NAME = {one.name: one for one in ALL}
MARK = "zebra"
"""In every text that is Linden & Row's own: it must not be in any answer to somebody else."""
AT = "2026-05-04T09:00:00Z"
LINE = {"id": "f-1", "at": AT, "return_id": "RMA-1", "line_id": "L1"}
BODIES = {
    goods_shapes.Receipts: {"receipts": [{"id": "f-2", "at": AT, "bag_id": "BAG-7"}]},
    goods_shapes.Grades: {"grades": [{**LINE, "count": 1, "grade": "A"}]},
    goods_shapes.Disposals: {"disposals": [{**LINE, "id": "f-3", "done": "restocked"}]},
    goods_shapes.Acknowledgements: {
        "acknowledgements": [{"id": "f-4", "at": AT, "manifest_id": "M-1"}]
    },
    parcel_shapes.NewParcels: {"parcels": [{"number": "P1", "site": "Street 1"}]},
    hook_shapes.NewWebhook: {"url": "https://93.184.216.34/hooks"},
    hook_shapes.Replay: {"after": 0},
    shapes.NewReturn: a_return(customer="me"),
    shapes.Cancel: {},
    shapes.Extend: {"expires_at": "2026-09-01T00:00:00Z"},
    shapes.Move: {"to": "closed"},
    shapes.NewRefund: {
        "amount": {"minor": 7990, "currency": "EUR"},
        "done_at": "2026-05-04T09:00:00Z",
    },
}
SUBJECTS = {Role.MERCHANT: "oak", Role.HUB: "south", Role.CARRIER: "other", Role.EXPORTS: ""}


@pytest.fixture
def owned(shops, linden, kiosk, drop_of):
    """Something of every kind that belongs to Linden & Row, by the name of the variable."""
    mine = a_return(customer=MARK, order_number=MARK, zone=MARK)
    linden.put("/v1/returns/RMA-1", mine).raise_for_status()
    fact = drop_of("RMA-1", bag_id=f"BAG-{MARK}")
    kiosk.push(kiosk.record(fact))
    refund = BODIES[shapes.NewRefund]
    linden.put("/v1/returns/RMA-1/refunds/re-1", refund).raise_for_status()
    assert len(linden.get("/v1/events").json()["events"]) == 3
    hook = linden.post("/v1/webhooks", {"url": f"https://{MARK}.example/", "after": 0}).json()
    return {
        "return_id": "RMA-1",
        "refund_id": "re-1",
        "drop_id": fact.drop_id,
        "webhook_id": hook["webhook"]["webhook_id"],
    }


def asked(caller, operation, owned):
    path = operation.path
    for name in operation.variables:
        path = path.replace(f"{{{name}}}", owned[name])
    body = None if operation.body is None else BODIES[operation.body]
    return caller.ask(operation.method, path, body)


KEPT = {"api_keys", "office_audit", "office_audit_heads", "merchant_heads"}
"""Who called and that something was changed is written down for everybody."""


def everything(centre, tenant="acme"):
    """All rows of a tenant but those of the merchant Oak."""
    found = {}
    with centre.database.reading() as c:
        for table in metadata.sorted_tables:
            if "tenant" in table.c and table.name not in KEPT:
                rows = c.execute(sa.select(table).where(table.c.tenant == tenant)).mappings()
                found[table.name] = sorted(
                    repr(dict(row)) for row in rows if "oak" not in repr(dict(row))
                )
    return found


def test_its_owner_sees_and_changes_it(linden, owned):
    """Else the tests below would prove nothing: the same requests, by the right key."""
    for name in (
        "read_return",
        "list_returns",
        "list_events",
        "read_drop",
        "list_drops",
        "list_webhooks",
    ):
        answer = asked(linden, BY_NAME[name], owned)
        assert answer.status_code == 200
        assert MARK in answer.text, name
    assert asked(linden, BY_NAME["list_refunds"], owned).json()["refunds"]
    assert asked(linden, BY_NAME["end_webhook"], owned).status_code == 200
    assert asked(linden, BY_NAME["move_return"], owned).json()["state"] == "closed"


def test_another_merchant_of_the_house_neither_sees_nor_changes_it(shops, oak, owned):
    over_all(shops, oak, owned)


def test_a_merchant_of_another_tenant_neither_sees_nor_changes_it(shops, called, owned):
    """Though it has the very same name there."""
    over_all(shops, called("merchant:linden", "bravo"), owned)


def over_all(shops, caller, owned):
    before = everything(shops)
    for operation in sorted(ALL, key=lambda one: one.name == "put_return"):
        answer = asked(caller, operation, owned)
        assert MARK not in answer.text, operation.name
        assert owned["drop_id"] not in answer.text, operation.name
        if operation.variables and operation.name != "put_return":
            ours = Role.MERCHANT in operation.roles
            problem(answer, *((404, "not-found") if ours else (403, "not-allowed")))
        else:
            assert answer.status_code < 500, operation.name
        assert everything(shops) == before, operation.name


def test_an_id_that_another_merchant_has_cannot_be_taken(oak, owned, linden):
    problem(oak.put("/v1/returns/RMA-1", a_return()), 409, "taken")
    assert linden.get("/v1/returns/RMA-1").json()["customer"] == MARK


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_own_operations_alone(shops, called, owned, role):
    caller = called(f"{role}:{SUBJECTS[role]}".rstrip(":"))
    for operation in ALL:
        answer = asked(caller, operation, owned)
        if role not in operation.roles:
            problem(answer, 403, "not-allowed")
        else:
            assert answer.status_code != 403, operation.name


def test_nothing_opens_without_a_key(shops, owned):
    nobody = Caller(shops.url, "")
    before = everything(shops)
    for operation in ALL:
        problem(asked(nobody, operation, owned), 401, "no-key")
    assert everything(shops) == before


def test_a_key_for_reading_changes_nothing_anywhere(shops, called, owned):
    before = everything(shops)
    for role, subject in SUBJECTS.items():
        reader = called(f"{role}:{subject}".rstrip(":"), read_only=True)
        for operation in (one for one in ALL if one.writes and role in one.roles):
            problem(asked(reader, operation, owned), 403, "not-allowed")
    assert everything(shops) == before
