"""What a person must settle about a counter's things: a sentence for every `ConflictKind`."""

from __future__ import annotations

from typing import assert_never

from kiosk.domain.counter.conflicts import ConflictKind
from kiosk.words.voice import Voice


def conflict(w: Voice, kind: ConflictKind) -> str:
    """What happened, and what to look at."""
    match kind:
        case ConflictKind.HANDED_OUT_TWICE:
            return w.t("Two counters handed this parcel out. Ask both who has it.")
        case ConflictKind.HANDED_OUT_AND_SENT_BACK:
            return w.t("It was handed out and sent back. Find out where it is.")
        case ConflictKind.SEEN_AFTER_LEAVING:
            return w.t("It had left, and was scanned again. Look whether it is still here.")
        case ConflictKind.SEEN_WHILE_MISSING:
            return w.t("It was reported missing while somebody had it. It counts as found.")
        case ConflictKind.RECEIVED_TWICE:
            return w.t("It was received twice. The first time counts. Look whether there are two.")
        case ConflictKind.IN_TWO_CONTAINERS:
            return w.t("It was put into two containers. The last one counts. Look where it is.")
        case ConflictKind.SIGNED_FOR_ELSEWHERE:
            return w.t("It was signed for in one container and lay in another. Look where it is.")
        case ConflictKind.INTO_CLOSED_CONTAINER:
            return w.t("Something was put into it after another counter had closed it. Count it.")
        case ConflictKind.ON_TWO_MANIFESTS:
            return w.t("It is on two hand-over lists. Compare them.")
        case ConflictKind.BAG_USED_TWICE:
            return w.t("One bag was used for two drops. Compare its goods with both.")
        case ConflictKind.VOIDED_AND_MOVED:
            return w.t("Its drop was taken back, and the bag was moved on. Look where it is.")
        case ConflictKind.OUT_OF_STEP:
            return w.t("Two records do not fit together. Compare what was told.")
        case _:
            assert_never(kind)
