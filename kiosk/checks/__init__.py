"""The looks of `takeback doctor`: at the machine, at what is kept, and at the world outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from kiosk.ports import DeviceFault


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. A `mend` beside a good one is advice, not a fault."""

    name: str
    well: bool
    finding: str
    mend: str = ""


def device_mends(fault: DeviceFault) -> str:
    """What an engineer does about a device's fault; "" for none."""
    match fault:
        case DeviceFault.NONE:
            return ""
        case DeviceFault.NOT_FOUND:
            return "Check cable and power, then the address or path in the settings."
        case DeviceFault.NOT_ANSWERING:
            return "Switch it off and on. Make sure that no other program uses it."
        case DeviceFault.DISCONNECTED:
            return "Plug it in again; try another cable or another port."
        case DeviceFault.PERMISSION:
            return (
                "Put the kiosk's user into the device's group (video, input, dialout or lp; "
                "docs/engineer.md), then log in again."
            )
        case DeviceFault.PAPER_OUT:
            return "Put in a new roll."
        case DeviceFault.PAPER_LOW:
            return "Have a new roll ready."
        case DeviceFault.COVER_OPEN:
            return "Close the cover."
        case DeviceFault.RIBBON_OUT:
            return "Put in a new ribbon, or set the printer to thermal paper."
        case DeviceFault.PAUSED:
            return "Press the printer's pause key; where it pauses again, calibrate its labels."
        case DeviceFault.CUTTER:
            return "Switch it off, open the cover, clear the blade, switch it on."
        case DeviceFault.OVERHEATED:
            return "Let it cool down; make sure that its vents are free."
        case DeviceFault.PICTURE_BLACK:
            return "Take the cap off the lens; switch the light on."
        case DeviceFault.PICTURE_FROZEN:
            return "Plug the camera in again; if it stays, try another port."
        case DeviceFault.PICTURE_BLURRED:
            return "Clean the glass, take off what sticks to it; then set the camera's focus."
        case DeviceFault.PICTURE_DAZZLED:
            return "Turn it out of the sun, shade it, or set a shorter `exposure`."
        case DeviceFault.INTERNAL:
            return "Read the detail; switch it off and on; replace it if the fault stays."
        case _:
            assert_never(fault)
