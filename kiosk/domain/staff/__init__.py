"""Who stands behind the counter, pure: what they may do, how they sign in, when that ends.

    people       a member, the shop's roster as the centre signed it, PINs chosen at this counter
    pins         which PINs are too easy
    permits      one table: every command and desk act, who may, who needs a second person
    tries        wrong tries, counted for each member and for the counter; growing waits
    signing_in   badge and PIN: what to check, and what comes of it; one answer to all that fail
    sessions     one person at a screen: time-outs, switching, jobs laid aside, the wipe
    overrides    what a rule forbids, done all the same: a reason, and a second person
    training     facts of made-up data, which no store takes
    facts        what is recorded of all this
    saying       why something is refused, and what to do next

Badges come as digests and PINs as verifiers, both opaque: a port makes and checks them. Every `at`
is Unix seconds of a clock that never goes back (as `kiosk.domain.counter.pick_up.Tries`).
"""
