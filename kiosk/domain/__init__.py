"""Pure rules and values: standard library only, no clock, no I/O, no sentences."""
