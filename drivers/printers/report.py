"""What an engineer wants to know of a printer, as codes: `takeback doctor` and `takeback
receipt --test` turn them into sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from drivers.registry import Options, printer_factory
from kiosk.ports import (
    DeviceFault,
    DeviceState,
    DeviceStatus,
    Document,
    NotPrinted,
    Printed,
    Printer,
    PrintOutcome,
    Rasteriser,
    Unconfirmed,
)


class Subject(StrEnum):
    """What was looked at, in this order; a failed one ends the list."""

    DRIVER = "driver"  # the name in the settings is known, its module loads
    OPTIONS = "options"  # its options can be used
    REACHABLE = "reachable"  # the way to it opens
    ANSWERS = "answers"  # it answers questions; without that no print is ever confirmed
    COVER = "cover"
    PAPER = "paper"
    MACHINE = "machine"  # blade, head and everything that names no cause
    PRINT = "print"  # a receipt came out, by its own word


class Finding(StrEnum):
    GOOD = "good"
    DOUBTFUL = "doubtful"  # works, or may work, and should be looked at
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report. `fault` leads to the mend, `detail` is the system's own words."""

    printer: str
    subject: Subject
    finding: Finding
    fault: DeviceFault = DeviceFault.NONE
    detail: str = ""


def examine(
    name: str,
    driver: str,
    width: int,
    dpi: int,
    options: Options,
    rasterise: Rasteriser,
    monotonic: Callable[[], float],
) -> tuple[Printer | None, list[Check]]:
    """Make the printer and ask it. The printer is None when it could not be made."""
    try:
        factory = printer_factory(driver)
    except (KeyError, ImportError) as error:
        return None, [_bad(name, Subject.DRIVER, str(error.args[0]))]
    checks = [Check(name, Subject.DRIVER, Finding.GOOD, detail=driver)]
    try:
        printer = factory(name, width, dpi, options, rasterise, monotonic)
    except ValueError as error:
        return None, [*checks, _bad(name, Subject.OPTIONS, str(error))]
    checks.append(Check(name, Subject.OPTIONS, Finding.GOOD))
    return printer, checks + of_status(printer.status())


def of_status(status: DeviceStatus) -> list[Check]:
    """What one status says about each part."""
    name, fault, detail = status.device, status.fault, status.detail
    if status.state is DeviceState.ABSENT:
        return [Check(name, Subject.REACHABLE, Finding.BAD, fault, detail)]
    checks = [Check(name, Subject.REACHABLE, Finding.GOOD)]
    if status.state is DeviceState.UNKNOWN:
        return [*checks, Check(name, Subject.ANSWERS, Finding.DOUBTFUL, fault, detail)]
    checks.append(Check(name, Subject.ANSWERS, Finding.GOOD))
    blamed = _subject(fault)
    for subject in (Subject.COVER, Subject.PAPER, Subject.MACHINE):
        if subject is not blamed:
            checks.append(Check(name, subject, Finding.GOOD))
            continue
        finding = Finding.DOUBTFUL if status.state is DeviceState.WARNING else Finding.BAD
        checks.append(Check(name, subject, finding, fault, detail))
        if finding is Finding.BAD:
            break  # an open cover also empties the paper sensor: what follows would be guessed
    return checks


def of_print(printer: Printer, document: Document) -> tuple[PrintOutcome, Check]:
    """Print a document for real and judge it."""
    outcome = printer.print(document)
    match outcome:
        case Printed():
            return outcome, Check(printer.name, Subject.PRINT, Finding.GOOD)
        case Unconfirmed(detail):
            check = Check(
                printer.name, Subject.PRINT, Finding.DOUBTFUL, DeviceFault.NOT_ANSWERING, detail
            )
            return outcome, check
        case NotPrinted(fault, detail):
            return outcome, Check(printer.name, Subject.PRINT, Finding.BAD, fault, detail)
        case _:
            assert_never(outcome)


def _subject(fault: DeviceFault) -> Subject | None:
    match fault:
        case DeviceFault.NONE:
            return None
        case DeviceFault.COVER_OPEN:
            return Subject.COVER
        case DeviceFault.PAPER_OUT | DeviceFault.PAPER_LOW:
            return Subject.PAPER
        case _:
            return Subject.MACHINE


def _bad(name: str, subject: Subject, detail: str) -> Check:
    return Check(name, subject, Finding.BAD, DeviceFault.INTERNAL, detail)
