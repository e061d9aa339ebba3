"""A damaged ledger mends itself: what can be read goes into a new one, and nothing is thrown away.

`pages` reads the file without SQLite, `rows` tells what its records are, `proof` which events are
what was recorded, `rebuild` writes the new ledger, `mending` moves the files. docs/recovery.md.
"""
