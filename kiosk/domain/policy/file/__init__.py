"""The policy file that a person writes: read with its places, made into rule specifications.

    source = read(data, "shop.toml")            Source | Mistake
    made = compile_file(source)                 Made(shops, mistakes), every mistake with its line

A file is TOML, or JSON with the same keys. `kiosk.domain.policy.file.making` says what it may
hold beside what the rules themselves read.
"""

from __future__ import annotations

from kiosk.domain.policy.file.making import Made, Shop, compile_file
from kiosk.domain.policy.file.mistakes import Level, Mistake
from kiosk.domain.policy.file.source import Source, read

__all__ = ["Level", "Made", "Mistake", "Shop", "Source", "compile_file", "read"]
