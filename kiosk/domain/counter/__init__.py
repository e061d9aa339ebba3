"""The staffed counter, pure: what may happen to a parcel, a bag, a container and a manifest.

    facts            what happened, a closed union; each names the things it touches
    parcels, bags, containers, manifests
                     one lifecycle each: its states, its table, `step(thing, fact)`
    table, saying    what a table is; why something is refused, and what to do next
    log, shop        the fold: facts in, from this counter and others, in any order
    conflicts        what two counters did that cannot both be so
    commands, deciding
                     what staff ask for; `decide` answers with facts or a refusal, changes nothing
    holding, proving, pick_up, planning, pulling, suggesting
                     how long a parcel waits, what proof it needs, its code and what that comes to,
                     the day's lists, its shelf
    invariants       what is true of every shop, always

A command becomes facts (`decide`), a caller stamps and stores them, the shop takes them
(`Shop.apply`). docs/counter.md has the tables.
"""
