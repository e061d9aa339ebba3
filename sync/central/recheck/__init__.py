"""The verdict check: every drop judged again at the centre, by the same engine and the rules of
the very bundle that its kiosk decided by.

`rebuilding` makes the facts again that the kiosk kept with the drop, `judging` judges and
compares, `running` goes through the drops that were not looked at yet. What differs opens a case;
what cannot be judged again is told apart and never guessed.
"""

from sync.central.recheck.judging import Result
from sync.central.recheck.running import Told, again, run

__all__ = ["Result", "Told", "again", "run"]
