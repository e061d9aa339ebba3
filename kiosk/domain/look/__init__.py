"""How a merchant shows itself on a kiosk: receipts' own lines, colours, a logo, its questions.

    look, problems = read(told, house.schemes())

`told` is the part of a policy bundle that says so, of any shape at all. What is wrong is left out,
part by part, and named; a bad look never keeps a rule from being followed.
"""

from __future__ import annotations

from kiosk.domain.look.model import Asked, Lines, Logo, Look, Receipt, Theme
from kiosk.domain.look.reading import read

__all__ = ["Asked", "Lines", "Logo", "Look", "Receipt", "Theme", "read"]
