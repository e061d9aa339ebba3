"""Check an exported ledger with Python alone: no library, no code of Takeback. See audit.md.

python3 verify_audit.py FILE [PUBLIC KEY IN HEX ...]
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterable

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
BODY = ("type", "time", "subject", "hlc", "monotonic_ms", "policyversion", "data")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def need(fact: bool, why: str) -> None:
    if not fact:
        raise ValueError(why)


def add(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    """The sum of two points of edwards25519 (RFC 8032, 5.1)."""
    k = D * a[0] * b[0] * a[1] * b[1] % P
    x = (a[0] * b[1] + a[1] * b[0]) * pow(1 + k, -1, P)
    return x % P, (a[1] * b[1] + a[0] * b[0]) * pow(1 - k, -1, P) % P


def times(n: int, point: tuple[int, int]) -> tuple[int, int]:
    total = (0, 1)
    while n:
        total, point, n = add(total, point) if n & 1 else total, add(point, point), n >> 1
    return total


def decompress(data: bytes) -> tuple[int, int]:
    y = int.from_bytes(data, "little") & ~(1 << 255)
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(xx, (P + 3) // 8, P)
    x = x if x * x % P == xx else x * pow(2, (P - 1) // 4, P) % P
    need(y < P and x * x % P == xx, "a point off the curve")
    return (x if x & 1 == data[31] >> 7 else P - x), y


def signed(kind: str, said: dict, public: str, signature: str) -> bool:
    payload, raw, sig = canonical(said), bytes.fromhex(public), bytes.fromhex(signature)
    message = b"DSSEv1 %d %b %d %b" % (len(kind), kind.encode(), len(payload), payload)
    s, base = (
        int.from_bytes(sig[32:], "little"),
        decompress((4 * pow(5, -1, P) % P).to_bytes(32, "little")),
    )
    h = int.from_bytes(hashlib.sha512(sig[:32] + raw + message).digest(), "little") % ORDER
    whole = s < ORDER and sig.hex() == signature and len(sig) == 64
    return whole and times(s, base) == add(decompress(sig[:32]), times(h, decompress(raw)))


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def check(lines: Iterable[bytes], trusted: frozenset[str] = frozenset()) -> str:
    """ "" for a file in which everything follows, else what is wrong. `trusted` are public keys in
    hex; without any, those in the file are believed."""
    digest, keys, head, ends, seen, at, link, sealed = hashlib.sha256(), [], {}, {}, 0, 0, "", False
    try:
        for number, line in enumerate(lines):
            one = json.loads(line)
            kind = one.pop("kind")
            need(not sealed and (number > 0) == (kind != "takeback-audit"), "out of order")
            if kind == "takeback-audit":
                head = one
                need(one["format"] == 2, "another format")
            elif kind == "key":
                keys.append((one["role"], one["kid"], one["public"]))
            elif kind == "chain":
                need(not ends or (ends["sequence"], ends["chain"]) == (at, link), "events missing")
                need(not ends or one["number"] > ends["number"], "chains out of order")
                ends, seen, at, link = one, seen + 1, one["base_sequence"], one["base_chain"]
                need(at or link == "0" * 64, "a beginning that is none")
            elif kind == "event":
                at += 1
                place = (one["epoch"], one["sequence"])
                need(
                    place == (ends["epoch"], at) and bool(TIME.fullmatch(one["time"])),
                    "out of place",
                )
                body = {name: one[name] for name in BODY}
                if one.get("offset_ms") is not None:
                    body["offset_ms"] = one["offset_ms"]
                link = hashlib.sha256(canonical([link, *place, one["id"], body])).hexdigest()
                need(one["chain"] == link, "does not follow")
            elif kind == "anchor":
                said = {n: one[n] for n in ("device", "epoch", "sequence", "chain", "time")}
                ours = [k for r, n, k in keys if (r, n) == ("centre", one["kid"])]
                type_ = "application/vnd.takeback.anchor.v1+json"
                need(any(signed(type_, said, k, one["signature"]) for k in ours), "not signed")
                need(head["device_id"] in ("", one["device"]), "another kiosk's")
                need(not ends or one["epoch"] == ends["epoch"], "another epoch's")
                before = not ends or one["sequence"] < ends["base_sequence"] == at
                need(before or (one["sequence"], one["chain"]) == (at, link), "another history")
            else:
                need(kind == "seal", "no line of a ledger")
                need((ends["sequence"], ends["chain"]) == (at, link), "events missing")
                need(seen == head["chains"] and one["lines"] == number, "lines are missing")
                need(one["digest"] == digest.hexdigest(), "something above was changed")
                said = {"device": head["device_id"], "lines": number, "digest": one["digest"]}
                type_, sealed = "application/vnd.takeback.audit.v2+json", True
                ours = [k for r, n, k in keys if (r, n) == ("device", one["kid"])]
                ours = [k for k in ours if not trusted or k in trusted]
                bare = not (head["device_id"] or one["kid"] or one["signature"] or trusted)
                held = bare or any(signed(type_, said, k, one["signature"]) for k in ours)
                need(held, "not signed")
            digest.update(line.rstrip(b"\n") + b"\n")
        return "" if sealed else "the end is missing"
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        return f"line {number + 1}: {error or 'wrong'}"


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        sys.exit(check(file, frozenset(sys.argv[2:])) or print("proven"))
