"""The world outside: the centre and the devices, asked as the running kiosk would ask them."""

from __future__ import annotations

import queue
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.checks import Check, device_mends
from kiosk.ports import (
    Bitmap,
    DeviceFault,
    DeviceState,
    DeviceStatus,
    Document,
    ScannerReport,
    Text,
)
from kiosk.settings import Printer, Scanner, Settings

if TYPE_CHECKING:
    from drivers.printers.report import Check as Line
    from kiosk.ports import Printer as Device
    from sync.agent.enrol import Identity
    from sync.agent.secure import Tls

FIRST_WORD_S = 3.0  # a USB camera takes a second or two to show its first picture
CLOCK_OFF = timedelta(minutes=2)  # signed requests live for five
_NETWORK = (
    "Check the network cable, the address, and whether a browser on this machine gets an answer "
    "from it."
)


_TLS = (
    "Check the machine's date, the address, and `ca_file` under [centre]; ask who runs the network "
    "whether a proxy opens TLS."
)


def tls(settings: Settings) -> Tls:
    """How the settings want the centre's certificates looked at."""
    from sync.agent.secure import Tls

    told = settings.centre
    return Tls(told.ca_file, told.client_cert, told.client_key)


# --- the centre ----------------------------------------------------------------------------------


def centre(settings: Settings) -> list[Check]:
    """Does it answer, does its clock agree with ours, does it know this kiosk?"""
    from sync.agent.enrol import EnrolFault, load_identity

    who = load_identity(settings.data)
    enrolled = None if isinstance(who, EnrolFault) else who
    url = settings.centre.url or (enrolled.centre_url if enrolled else "")
    if not url:
        mend = "Enrol, or set `url` under [centre]."
        return [Check("centre", False, "no address is known", mend)]
    found = _answers(url, settings)
    if found[0].well and enrolled is not None:
        found.append(_knows_us(url, enrolled, settings))
    return found


def _answers(url: str, settings: Settings) -> list[Check]:
    """An unsigned question for the policy: a centre says "not signed", anything else is none."""
    import requests

    from sync.agent import secure
    from sync.wire import codec
    from sync.wire.messages import Problem

    try:
        with (
            secure.session(tls(settings)) as session,
            session.get(
                f"{url.rstrip('/')}/v1/policy/manifest",
                timeout=settings.centre.timeout_s,
                allow_redirects=False,
                stream=True,
            ) as answer,
        ):
            status, date = answer.status_code, answer.headers.get("Date", "")
            body = next(answer.iter_content(64 << 10), b"")
    except requests.exceptions.SSLError as error:
        return [Check("centre", False, f"{url}: TLS fails: {error}"[:300], _TLS)]
    except (requests.RequestException, OSError, ValueError) as error:
        finding = f"{url} cannot be reached ({type(error).__name__})"
        return [Check("centre", False, finding, _NETWORK)]
    if status in (429, 503):
        mend = "Try again in a few minutes; if it stays, tell the back office."
        return [Check("centre", False, f"{url} is overloaded", mend)]
    if status != 401 or codec.decode(body, Problem) is None:
        mend = "Check the address; a sign-in page of the network may stand in between."
        return [Check("centre", False, f"what answers at {url} is no centre", mend)]
    return [Check("centre", True, f"{url} answers"), _clock(date)]


def _clock(date: str) -> Check:
    from kiosk.world import SystemClock

    try:
        there = parsedate_to_datetime(date)
        offset = there - SystemClock().now()
    except (ValueError, TypeError):
        return Check("clock", True, "the centre did not tell its time")
    seconds = offset.total_seconds()
    if abs(offset) > CLOCK_OFF:
        mend = "sudo timedatectl set-ntp true; then look at `timedatectl`."
        finding = f"{abs(seconds):.0f} s {'behind' if seconds > 0 else 'ahead of'} the centre's"
        return Check("clock", False, finding, mend)
    return Check("clock", True, f"within {max(1, round(abs(seconds)))} s of the centre's")


def _knows_us(url: str, who: Identity, settings: Settings) -> Check:
    """The same question, signed with the kiosk's key."""
    from kiosk import __version__
    from kiosk.world import SystemClock, SystemIds
    from sync.agent import secure
    from sync.agent.client import Client, Ok, Refused

    name = "signature"
    client = Client(
        url,
        who.device_id,
        who.key,
        SystemClock(),
        SystemIds(),
        __version__,
        settings.centre.timeout_s,
        session=secure.session(tls(settings)),
    )
    try:
        answer = client.get("/v1/policy/manifest")
    finally:
        client.close()
    match answer:
        case Ok():
            return Check(name, True, "the centre knows this kiosk")
        case Refused(status=404):
            mend = "The back office must publish a policy."
            return Check(name, False, "the centre knows this kiosk, and has no policy", mend)
        case Refused(problem=problem):
            mend = "Ask the back office whether this kiosk is still theirs; if not, enrol anew."
            finding = f"the centre does not accept this kiosk ({problem.detail or problem.kind})"
            return Check(name, False, finding, mend)
        case _:
            return Check(name, False, "the centre did not answer a signed question", _NETWORK)


# --- devices -------------------------------------------------------------------------------------


def _told_by_the_kiosk(data: Path, name: str, device: str) -> Check | None:
    """What a running kiosk last recorded of its device, which it has to itself; None while no
    kiosk runs."""
    from kiosk.domain.events import DeviceChanged
    from kiosk.store import StoreFailed, beside
    from kiosk.store.lock import holder
    from kiosk.store.outbox import chains, events_of

    if holder(data) is None:
        return None
    last = None
    try:
        with beside.look(data) as connection:
            for event in events_of(connection, chains(connection)[-1].epoch):
                if event.type == DeviceChanged.type and event.data["device"] == device:
                    last = event.data
    except StoreFailed:
        last = None
    if last is None:
        return Check(name, True, "the running kiosk has it, and has recorded nothing of it yet")
    fault = DeviceFault(last["fault"])
    well = last["state"] in (DeviceState.READY.value, DeviceState.WARNING.value)
    finding = f"the running kiosk says: {last['state']} {fault.value}".rstrip()
    return Check(name, well, finding, device_mends(fault))


def scanner(data: Path, installed: Scanner | None) -> list[Check]:
    """Start it and take its first word."""
    if installed is None:
        mend = "Add a [[scanners]] table to the settings; see docs/engineer.md."
        return [Check("scanners", False, "the settings name none", mend)]
    name = f"scanner {installed.name}"
    told = _told_by_the_kiosk(data, name, installed.name)
    return [told or _first_word(name, installed)]


def _first_word(name: str, installed: Scanner) -> Check:
    from drivers.registry import scanner_factory
    from kiosk.world import SystemClock

    reports: queue.SimpleQueue[ScannerReport] = queue.SimpleQueue()
    clock = SystemClock()
    try:
        factory = scanner_factory(installed.driver)
        device = factory(installed.name, installed.options, clock.monotonic)
    except (KeyError, ValueError, ImportError) as error:
        return Check(
            name, False, str(error.args[0]), "Correct it in the settings; see docs/engineer.md."
        )
    device.start(reports.put)
    try:
        status = _status(reports, clock.monotonic() + FIRST_WORD_S)
    finally:
        device.stop()
    if status is None:
        mend = "Switch it off and on, plug it in again, then try again."
        return Check(name, False, f"said nothing within {FIRST_WORD_S:.0f} s", mend)
    well = status.state in (DeviceState.READY, DeviceState.WARNING)
    finding = " ".join(filter(None, (status.state.value, status.fault.value, status.detail)))
    return Check(name, well, finding, device_mends(status.fault))


def _status(reports: queue.SimpleQueue[ScannerReport], ends: float) -> DeviceStatus | None:
    from kiosk.world import SystemClock

    clock = SystemClock()
    while (left := ends - clock.monotonic()) > 0:
        try:
            report = reports.get(timeout=left)
        except queue.Empty:
            return None
        if isinstance(report, DeviceStatus):
            return report
    return None


def printer(data: Path, installed: Printer | None, print_test: bool) -> list[Check]:
    """Ask it how it is; and with `print_test` let it prove that it prints."""
    from drivers.printers import report
    from kiosk.world import SystemClock

    if installed is None:
        mend = "Add a [[printers]] table to the settings; see docs/engineer.md."
        return [Check("printers", False, "the settings name none", mend)]
    name = f"printer {installed.name}"
    told = _told_by_the_kiosk(data, name, installed.name)
    if told is not None:
        return [told, _in_use(name)] if print_test else [told]
    device, lines = report.examine(
        installed.name,
        installed.driver,
        installed.width_dots,
        installed.dpi,
        installed.options,
        _draw,
        SystemClock().monotonic,
    )
    found = [_of_printer(name, lines)]
    if device is None:
        return found
    try:
        if print_test and found[0].well:
            found.append(_printed(name, device))
    finally:
        device.close()
    return found


def _of_printer(name: str, lines: list[Line]) -> Check:
    """The worst of a printer's lines; they end at the first bad one."""
    from drivers.printers.report import Finding, Subject

    bad = [line for line in lines if line.finding is Finding.BAD]
    doubtful = [line for line in lines if line.finding is Finding.DOUBTFUL]
    if not bad and not doubtful:
        return Check(name, True, "ready")
    worst = (bad or doubtful)[0]
    said = [worst.subject.value, worst.fault.value, worst.detail]
    finding = ": ".join(dict.fromkeys(filter(None, said)))
    if worst.subject in (Subject.DRIVER, Subject.OPTIONS):
        return Check(name, False, worst.detail, "Correct it in the settings; see docs/engineer.md.")
    if worst.subject is Subject.ANSWERS:
        finding = "takes bytes but answers no question, so no receipt is ever confirmed"
    return Check(name, not bad, finding, device_mends(worst.fault))


def _in_use(name: str) -> Check:
    mend = "Stop the kiosk first: sudo systemctl stop takeback"
    return Check(name, False, "no test slip: the running kiosk has the printer", mend)


def _printed(name: str, device: Device) -> Check:
    from drivers.printers.report import Finding, of_print

    _, line = of_print(device, _slip())
    match line.finding:
        case Finding.GOOD:
            return Check(name, True, "the test slip came out, by the printer's own word")
        case Finding.DOUBTFUL:
            finding = "the test slip was sent; look whether it came out"
            return Check(
                name, True, finding, "This printer confirms nothing; prefer one that does."
            )
        case _:
            finding = f"the test slip did not come out: {line.fault.value} {line.detail}".rstrip()
            return Check(name, False, finding, device_mends(line.fault))


def _slip() -> Document:
    from kiosk.ports import Qr
    from kiosk.world import SystemClock

    now = SystemClock().now()
    blocks = (
        Text("Takeback test slip", bold=True),
        Text(f"{now:%Y-%m-%d %H:%M:%S} UTC"),
        Text("äöü ß é ñ € العربية 日本語"),
        Qr("TAKEBACK TEST SLIP", caption="TAKEBACK TEST SLIP"),
    )
    return Document("Takeback test slip", "en", False, blocks)


def _draw(document: Document, width: int, dpi: int) -> Bitmap:
    from ui.paper import application, rasterise

    kept = application()
    bitmap = rasterise(document, width, dpi)
    del kept
    return bitmap
