"""Weeks of a small chain of shops, told to a centre by the doors that everybody uses.

Kiosks judge returns by the bundle of their day and push what they recorded; shop, carrier, hub and
merchants tell what became of the goods; every night the centre checks verdicts, matches and closes
its books. Some things go wrong on purpose (`faults`), and the centre finds them by itself: nothing
here writes a case, a book or a difference.
"""

from __future__ import annotations

from kiosk.demo.weeks.staying import EVERY_S, beat_all
from kiosk.demo.weeks.story import CUT_OFF, MOST_WEEKS, Told, tell_weeks

__all__ = ["CUT_OFF", "EVERY_S", "MOST_WEEKS", "Told", "beat_all", "tell_weeks"]
