"""`python -m tests.proxy`: the faults by kind, and how many there are."""

from __future__ import annotations

from tests.proxy.cases import CASES, SECURE
from tests.proxy.kinds import kinds


def main() -> None:
    by_name = {kind.__name__: kind for kind in kinds()}
    for name in sorted(by_name):
        told = (by_name[name].__doc__ or "").split("\n")[0]
        named = [case.name[:60] for case in (*CASES, *SECURE) if case.kind is by_name[name]]
        print(f"{name}: {told}")
        for one in dict.fromkeys(named):
            print(f"    {one}")
    print(f"{len(CASES)} faults and {len(SECURE)} under TLS, of {len(by_name)} kinds")


if __name__ == "__main__":
    main()
