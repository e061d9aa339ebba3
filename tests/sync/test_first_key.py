"""A tenant's first key that signs: one, whoever else tries at the same time, and in the audit."""

from __future__ import annotations

from kiosk.seal.keys import SigningKey
from sync.central import policy
from sync.central.audit import at_console
from sync.central.policy import keyrings
from sync.central.tables import office_audit

FIRST, OTHER = (SigningKey(f"bundle-{n}", bytes([n]) * 32) for n in (1, 2))


def test_only_the_first_one_is_believed_without_an_announcement(centre):
    policy.put_tenant(centre.database, "oak", "Oak", "oak-kiosks")
    by = at_console("oak")
    assert keyrings.begin(centre.database, centre.clock, by, FIRST)
    assert not keyrings.begin(centre.database, centre.clock, by, OTHER)
    with centre.database.reading() as c:
        assert keyrings.known(c, "oak") == {FIRST.kid}
        assert keyrings.unfit(c, "oak", FIRST.kid, centre.clock.now()) == ""
        mine = office_audit.select().where(office_audit.c.tenant == "oak")
        told = [(one.what, one.subject) for one in c.execute(mine)]
    assert told == [("policy.first_key", FIRST.kid)]
