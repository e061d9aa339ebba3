"""What a device says is wrong, with the mend: for the engineer and the member of staff."""

from __future__ import annotations

from typing import assert_never

from kiosk.ports import DeviceFault
from kiosk.words.voice import Voice


def sentence(w: Voice, fault: DeviceFault) -> str:
    """The fault and its mend in two short sentences; "" for no fault."""
    match fault:
        case DeviceFault.NONE:
            return ""
        case DeviceFault.NOT_FOUND:
            return w.t("The device was not found. Check its cable and its settings.")
        case DeviceFault.NOT_ANSWERING:
            return w.t("The device does not answer. Switch it off and on.")
        case DeviceFault.DISCONNECTED:
            return w.t("The device is disconnected. Plug it in again.")
        case DeviceFault.PERMISSION:
            return w.t("The device may not be used. Check the access rights.")
        case DeviceFault.PAPER_OUT:
            return w.t("The paper is used up. Put in a new roll.")
        case DeviceFault.PAPER_LOW:
            return w.t("The paper is nearly used up. Have a new roll ready.")
        case DeviceFault.COVER_OPEN:
            return w.t("The cover is open. Close it.")
        case DeviceFault.RIBBON_OUT:
            return w.t("The ink ribbon is used up. Put in a new one.")
        case DeviceFault.PAUSED:
            return w.t("The printer is paused. Press its pause key.")
        case DeviceFault.CUTTER:
            return w.t("The paper cutter is stuck. Open the cover and clear it.")
        case DeviceFault.OVERHEATED:
            return w.t("The device is too hot. Let it cool down.")
        case DeviceFault.PICTURE_BLACK:
            return w.t("The picture is black. Uncover the camera.")
        case DeviceFault.PICTURE_FROZEN:
            return w.t("The picture stands still. Plug the camera in again.")
        case DeviceFault.PICTURE_BLURRED:
            return w.t("The picture shows no detail. Clean the glass of the camera.")
        case DeviceFault.PICTURE_DAZZLED:
            return w.t("The picture is too bright. Keep strong light off the camera.")
        case DeviceFault.INTERNAL:
            return w.t("The device has a fault inside. Replace it.")
        case _:
            assert_never(fault)
