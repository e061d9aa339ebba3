"""What is kept in the data directory: who may use it, the identity, the ledger, the policy.

Looks only: takes no lock, migrates nothing, and so may be used beside a running kiosk.
"""

from __future__ import annotations

import os
import pwd
import shlex
import stat
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.checks import Check

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from kiosk.settings import Settings

OLD_QUEUE = timedelta(hours=24)


def directory(data: Path) -> list[Check]:
    """Is it there, is it ours, can it be written, is there room?"""
    name = "data directory"
    if not data.is_dir():
        mend = f"sudo install -d -o takeback -g takeback -m 700 {shlex.quote(str(data))}"
        return [Check(name, False, f"{data} is not there", mend)]
    found = data.stat()
    if found.st_uid != os.geteuid():
        owner = user(found.st_uid)
        return [
            Check(
                name,
                False,
                f"{data} belongs to {owner}, and this runs as {user(os.geteuid())}",
                f"Run it as the kiosk's user: sudo -u {owner} takeback doctor",
            )
        ]
    if stat.S_IMODE(found.st_mode) & 0o077:
        mend = f"sudo chmod 700 {shlex.quote(str(data))}"
        return [Check(name, False, f"{data} is open to other users", mend)]
    try:
        tempfile.TemporaryFile(dir=data).close()
    except OSError as error:
        mend = (
            "Free space, or mount the disk for writing; look into the system's log for its faults."
        )
        return [Check(name, False, f"{data} cannot be written: {error.strerror}", mend)]
    return [Check(name, True, str(data)), _room(data)]


def _room(data: Path) -> Check:
    from kiosk.store.space import BALLAST_BYTES, LOW_BYTES, free_bytes

    free = free_bytes(data)
    finding = f"{free >> 20} MiB free"
    if free < LOW_BYTES + BALLAST_BYTES:
        mend = f"Free at least {LOW_BYTES + BALLAST_BYTES >> 20} MiB on the disk of {data}."
        return Check("disk", False, finding, mend)
    return Check("disk", True, finding)


def user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def encryption(settings: Settings) -> list[Check]:
    """Is the store kept as the settings want it, by what key, and what is that good for?"""
    from kiosk.store import StoreFailed, keys
    from kiosk.store.switching import Wanted, settled

    name, kept = "encryption", settings.store
    try:
        seal = keys.seal_of(settings.data)
        done = settled(settings.data, Wanted(kept.encrypted, Path(kept.key_file)))
    except StoreFailed as failure:
        mend = (
            "Give the key back: the service's credential, or the key file. Without it nothing in "
            "the store can be read; nothing was made in its place."
        )
        return [Check(name, False, failure.detail, mend)]
    if not done:
        mend = "Restart the kiosk; where this stays, its log says why the store was not switched."
        state = "encrypted" if kept.encrypted else "plain"
        return [Check(name, False, f"not all of the store is {state} as the settings want", mend)]
    if seal is None:
        mend = "Set store.encrypted = true where people can reach the disk; see docs/engineer.md."
        return [Check(name, True, "off: whoever has the disk can read the store", mend)]
    keeper = keys.keeper_of(seal.keeper, Path(seal.place))
    plain = [p for p in settings.data.rglob("*.db") if p.is_file() and keys.is_plain(p)]
    mend = f"Keep elsewhere, then delete, what is still plain: {plain[0].parent}" if plain else ""
    return [Check(name, True, f"on; the key comes {keeper.protects}", mend)]


def enrolment(data: Path) -> list[Check]:
    """The identity, and that nobody else may read the private key."""
    from sync.agent.enrol import EnrolFault, load_identity

    who = load_identity(data)
    match who:
        case EnrolFault.NOT_ENROLLED:
            mend = "Get a code from the back office, then: takeback enrol https://CENTRE CODE"
            return [Check("enrolment", False, "this kiosk is not enrolled", mend)]
        case EnrolFault.SEALED:
            mend = "See `encryption` above."
            return [Check("enrolment", False, "the device key is encrypted, its key away", mend)]
        case EnrolFault():
            mend = f"Restore {data} from its backup, or move it aside and enrol anew."
            return [Check("enrolment", False, "a file of the identity is damaged", mend)]
        case _:
            told = f"{who.device_id}, kiosk {who.kiosk_code} at {who.site}"
            return [Check("enrolment", True, told), _key(data)]


def _key(data: Path) -> Check:
    from kiosk.store.device_key import KEY_FILE

    path = data / KEY_FILE
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode != 0o600:
        mend = f"sudo chmod 600 {shlex.quote(str(path))}; if others had access, enrol anew."
        return Check("device key", False, f"{path} has mode {mode:03o}", mend)
    return Check("device key", True, "readable by this user only")


def ledger(data: Path) -> list[Check]:
    """Is it whole, does its chain hold, and does it get rid of its events?"""
    from kiosk.store import StoreCause, StoreFailed
    from kiosk.store.lock import holder
    from kiosk.store.recovery.places import LEDGER

    if not (data / LEDGER).exists():
        return [Check("ledger", True, "none yet; made when the kiosk first starts")]
    pid = holder(data)
    busy = "" if pid is None else f"; the kiosk is running (process {pid or '?'})"
    try:
        return _whole(data, busy)
    except StoreFailed as failure:
        mends = {
            StoreCause.NEWER: "Install the version of Takeback that wrote it, or a newer one.",
            StoreCause.READ_ONLY: "Mount the disk for writing.",
            StoreCause.BUSY: "Try again in a moment.",
            StoreCause.CORRUPT: CORRUPT,
            StoreCause.SEALED: "See `encryption` above.",
        }
        mend = mends.get(failure.cause, "Look into the system's log for faults of the disk.")
        return [Check("ledger", False, f"{failure}{busy}", mend)]


CORRUPT = (
    "Restart the kiosk, which mends its ledger by itself; or stop it, then: takeback store recover."
    " The files as found stay in quarantine/ as evidence."
)
RECENT = timedelta(days=30)


def _whole(data: Path, busy: str) -> list[Check]:
    from kiosk.store import beside
    from kiosk.store.outbox import chains, verify_chains

    with beside.look(data) as connection:
        complaint = beside.sound(connection)
        if complaint:
            return [Check("ledger", False, f"{complaint}{busy}", CORRUPT)]
        fault = verify_chains(connection)
        held = chains(connection)
        found = [Check("ledger", True, f"its pages are whole{busy}")]
        if fault is not None:
            finding = f"breaks at event {fault.sequence} of epoch {fault.epoch}"
            return [*found, Check("audit chain", False, finding, CORRUPT)]
        newest = held[-1].chain[:12] if held else "none"
        found.append(Check("audit chain", True, f"holds; newest link {newest}"))
        found += [_queue(connection), *_set_aside(connection)]
        return [*found, *_mended(connection), _copies(data, connection)]


def _mended(connection: Connection) -> list[Check]:
    """A disk that has damaged a ledger once will do so again."""
    from kiosk.store.inspecting import told_of
    from kiosk.store.recovery import told
    from kiosk.world import SystemClock

    last = told.last(connection)
    if last is None or SystemClock().now() - last.when > RECENT:
        return []
    bags = "Compare the bags in the kiosk with its drops at the back office. " if last.lossy else ""
    mend = f"{bags}Look into the system's log for faults of the disk, and replace it."
    return [Check("recovery", True, told_of(last), mend)]


def _copies(data: Path, connection: Connection) -> Check:
    from kiosk.store import backup, meta
    from kiosk.world import SystemClock

    found = backup.copies(data)
    failed = backup.failure(data, meta.read(connection, backup.FAILED))
    if failed is not None:
        at, cause = failed
        finding = f"{len(found)} of the ledger; that of {at:%Y-%m-%d %H:%M} UTC failed: {cause}"
        mend = "Free space on the disk, or have it looked at; then: takeback store backup"
        return Check("copies", False, finding, mend)
    if not found:
        return Check("copies", True, "no copy of the ledger; one is made daily in a quiet moment")
    age = spelt(max(timedelta(), SystemClock().now() - found[0].at))
    return Check("copies", True, f"{len(found)} of the ledger, the newest made {age} ago")


def _queue(connection: Connection) -> Check:
    from kiosk.store.outbox import chains, events_of
    from kiosk.world import SystemClock

    held = chains(connection)
    waiting = held[-1].sequence - held[-1].cursor if held else 0
    if not waiting:
        return Check("queue", True, "the centre has every event")
    events = events_of(connection, held[-1].epoch)
    oldest = next(e for e in events if e.sequence > held[-1].cursor)
    age = SystemClock().now() - oldest.time
    finding = f"{waiting} events wait for the centre, the oldest for {spelt(age)}"
    if age > OLD_QUEUE:
        return Check("queue", False, finding, "See `centre` below; they are sent once it is there.")
    return Check("queue", True, finding)


def _set_aside(connection: Connection) -> list[Check]:
    """What the centre could not use. It is kept there and is a case: a person looks at it."""
    from kiosk.store import aside, meta

    found = aside.read(lambda key: meta.read(connection, key))
    mend, told = "Look at the cases in the back office.", []
    if found.count:
        finding = f"{found.count} so far are kept by the centre unused"
        told.append(Check("set aside", True, f"{finding}, the last: event {found.last}", mend))
    if found.withheld:
        finding = f"{found.withheld} are at the centre without their content, refused on the way"
        told.append(Check("withheld", True, f"{finding}; it is offered again", mend))
    return told


def photographs(data: Path) -> list[Check]:
    """How many there are, and where; what nobody waits for any more is said."""
    from kiosk.store import photos

    found = photos.counted(data)
    names = {
        photos.OPEN: "of a visit",
        photos.WAITING: "wait for the centre",
        photos.SENT: "it has",
        photos.ASIDE: "it does not want",
        photos.DAMAGED: "are damaged",
    }
    told = ", ".join(f"{found[place]} {said}" for place, said in names.items() if place in found)
    odd = photos.ASIDE in found or photos.DAMAGED in found
    mend = "Look at the cases in the back office." if odd else ""
    return [Check("photographs", True, told, mend)] if told else []


def policy(data: Path) -> list[Check]:
    """The bundle: there, and young enough?"""
    from kiosk.store import StoreFailed
    from kiosk.store.policy_file import newest
    from kiosk.world import SystemClock

    try:
        active = newest(data)
    except StoreFailed as failure:
        mend = "Start the kiosk while the centre can be reached: it fetches the bundle again."
        return [Check("policy", False, f"cannot be read: {failure}", mend)]
    if active is None:
        mend = "Enrol, then start the kiosk while the centre can be reached."
        return [Check("policy", False, "no bundle yet", mend)]
    info = active.info
    active.close()
    now = SystemClock().now()
    finding = f"bundle {info.number}, issued {spelt(now - info.issued)} ago"
    if now >= info.accept_until:
        mend = "Bring the centre within reach; until then every return goes to staff."
        return [Check("policy", False, f"{finding}, has EXPIRED", mend)]
    if now >= info.warn_after:
        mend = f"Bring the centre within reach before {info.accept_until:%Y-%m-%d %H:%M} UTC."
        return [Check("policy", False, f"{finding}, is getting old", mend)]
    return [Check("policy", True, finding)]


def spelt(span: timedelta) -> str:
    """A span as a person says it: in minutes, hours or days."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"
