"""Benchmarks: things side by side in one run, printed with the environment; no test, no pass."""
