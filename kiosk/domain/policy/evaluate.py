"""Rules and facts in, verdicts out: the one evaluator of the kiosk and of the centre.

**Who wins.** Every rule that applies says what it has to say; the order of the rules never
matters. Of outcomes the weightiest decides:

    REFUSE > STAFF > REVIEW > RETURNLESS > ACCEPT

- REFUSE first: deny beats allow, and a certain no is not made better by a person. There are two
  ways past a rule that refuses: that rule's own `unless` (kiosk.domain.policy.frame), and an
  `allow_list` that names it.
- STAFF before all that takes goods: a doubt, an unknown rule or a hazard is settled by a person.
- REVIEW before RETURNLESS: what must be looked at cannot stay with the shopper.
- RETURNLESS before fees: nothing is handled, so nothing is charged.

Among findings of one outcome the higher priority decides, then the rule id in alphabetic order.
Every other type of action (each kind of fee, each kind of bonus, refund methods, destination) is
decided for itself, by priority, then id. A price is no permission: fees, bonuses, methods and
destinations grant nothing. No rule deciding over the goods is STAFF with NO_RULES, as silence
is no permission either.

**Money.** refund + fee + withheld == price of the units brought, none of them negative: ACCEPT
and ACCEPT_WITH_FEE (an ACCEPT that costs something) refund the price less the fee; RETURNLESS
refunds the price; REVIEW announces the fee and withholds the rest; STAFF and REFUSE withhold the
price, as nothing changed hands. Fees never exceed the price. A bonus comes on top, for what is
refunded at once.

**The return.** Lines are judged one by one over facts that tell of the whole; only then fees that
come once a return are reckoned, over the lines whose goods are taken (kiosk.domain.policy.sharing).
A line that waits for an answer takes no part until it is answered.

**Questions** are asked only while the answer can still change what is decided; the refund method
last, and only where something is refunded.
"""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.domain.policy.deciding import Decided, decide, hearing_of
from kiosk.domain.policy.model import Ask, Facts, Policy, Verdict
from kiosk.domain.policy.verdict import verdicts
from kiosk.domain.policy.whole import prepare


def evaluate(policy: Policy, facts: Facts) -> Verdict | Ask:
    """Judge a return of which one line is brought; see `evaluate_return`."""
    return evaluate_return(policy, (facts,))[0]


def evaluate_return(policy: Policy, lines: Sequence[Facts]) -> tuple[Verdict | Ask, ...]:
    """Judge the lines of one return together, or tell for each what must be known first.

    One result a line, in the order given. Pure: same arguments, same answer. Each line's
    `answers` grow by one answer a call until Verdicts come. Never raises for anything a bundle
    can contain. A verdict's `inputs` are named when they are first read, from what it was decided
    by; `lines` may not change under it (their `answers` are copied).
    """
    hearing = hearing_of(policy)
    judged = [decide(hearing, facts) for facts in prepare(lines)]
    made = iter(verdicts(policy, [one for one in judged if isinstance(one, Decided)]))
    return tuple(one if isinstance(one, Ask) else next(made) for one in judged)
