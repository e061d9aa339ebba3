"""What every ledger must be, straight from the file and before anything is put right: each drop
has all of a promise or nothing of one. For every test that lets a kiosk die."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Ask = Callable[[str], Sequence[Sequence[Any]]]
"""The rows of a query."""

PARTS = """
SELECT drop_id, state, bag_id, code_id, receipt IS NOT NULL,
  (SELECT COUNT(*) FROM drop_lines l WHERE l.drop_id = d.drop_id),
  (SELECT COUNT(*) FROM bags b WHERE b.drop_id = d.drop_id AND released_at IS NULL),
  (SELECT COUNT(*) FROM redeemed_codes c WHERE c.drop_id = d.drop_id),
  (SELECT COUNT(*) FROM print_jobs j WHERE j.drop_id = d.drop_id),
  (SELECT COUNT(*) FROM events JOIN outbox ON event = number
    WHERE subject = d.drop_id AND type LIKE '%drop.committed%')
FROM drops d
"""


def whole_or_nothing(ask: Ask) -> None:
    """AssertionError with the drop that is neither."""
    for drop_id, state, bag_id, code_id, receipt, lines, bags, codes, jobs, told in ask(PARTS):
        promised = state in ("committed", "voided")  # taken back, it was promised all the same
        parts = (drop_id, state, receipt, lines, bags, codes, jobs, told)
        assert bool(receipt) == promised, f"half a promise: {parts}"
        assert (lines > 0) == promised, f"half a promise: {parts}"
        assert bags == int(promised and bag_id != ""), f"half a promise: {parts}"
        assert codes == int(promised and code_id != ""), f"half a promise: {parts}"
        assert jobs == told == int(promised), f"half a promise: {parts}"
    ((alone,),) = ask("SELECT COUNT(*) FROM events WHERE number NOT IN (SELECT event FROM outbox)")
    assert not alone, "an event without its outbox row"
    orphans = "SELECT COUNT(*) FROM {} WHERE drop_id NOT IN (SELECT drop_id FROM drops)"
    for table in ("drop_lines", "bags", "redeemed_codes", "print_jobs"):
        ((lost,),) = ask(orphans.format(table))
        assert not lost, f"{table} of a drop that is not there"
