"""A camera that is not there: a shop seen from a kiosk, and hands that hold things up.

Only the frames are made up. The threads, the decoders and every report are those of a real camera.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from drivers.scanners.camera import Camera
from drivers.scanners.camera.setup import flag, number
from drivers.virtual.shop import Showing, fitting
from drivers.virtual.stage import Stage


class VirtualCamera(Camera):
    """A scanner with human verbs; without anything held up it looks at an empty shop."""

    def __init__(
        self,
        name: str,
        monotonic: Callable[[], float],
        fps: int = 20,
        exposes: bool = True,
    ) -> None:
        self._stage = Stage(monotonic, fps, exposes)
        super().__init__(name, self._stage, monotonic)

    def present(
        self,
        picture: NDArray[np.uint8],
        *,
        size: float = 0.92,
        tilt: float = 3.0,
        steady: bool = False,
        glow: float = 1.0,
    ) -> None:
        """Hold up a picture, BGR or BGRA: `size` is its height as a part of the frame's, `tilt`
        its lean in degrees; `steady` puts it on a stand instead of into a hand; `glow` is how many
        times brighter than paper it is."""
        showing = Showing(fitting(picture, size), self._monotonic(), size, tilt, steady, glow)
        self._stage.change(lambda s: replace(s, showing=showing))

    def remove(self) -> None:
        """Take it away."""
        self._stage.change(lambda s: replace(s, showing=None))

    def cover(self) -> None:
        """Put a hand or a coat over the lens."""
        self._stage.change(lambda s: replace(s, covered=True))

    def uncover(self) -> None:
        self._stage.change(lambda s: replace(s, covered=False))

    def put_sticker_on(self) -> None:
        """Over the lens: it is light behind it, and nothing is to be seen."""
        self._stage.change(lambda s: replace(s, sticker=True))

    def defocus(self, pixels: float) -> None:
        """Smear the lens or turn its focus away."""
        self._stage.change(lambda s: replace(s, soft=pixels))

    def clean(self) -> None:
        """Take the sticker off, wipe the glass, turn the focus back."""
        self._stage.change(lambda s: replace(s, sticker=False, soft=0.0))

    def dazzle(self) -> None:
        """Let the low sun shine into it."""
        self._stage.change(lambda s: replace(s, sun=True))

    def shade(self) -> None:
        self._stage.change(lambda s: replace(s, sun=False))

    def freeze(self) -> None:
        """Let the driver hand out its last picture for ever."""
        self._stage.change(lambda s: replace(s, frozen=True))

    def thaw(self) -> None:
        self._stage.change(lambda s: replace(s, frozen=False))

    def fall_silent(self) -> None:
        """Stay plugged in, and give no frame any more."""
        self._stage.change(lambda s: replace(s, silent=True))

    def speak(self) -> None:
        self._stage.change(lambda s: replace(s, silent=False))

    def forbid(self) -> None:
        """Take away the right to open it, as a wrong rule of udev does at the next plugging."""
        self._stage.change(lambda s: replace(s, forbidden=True))

    def allow(self) -> None:
        self._stage.change(lambda s: replace(s, forbidden=False))

    def unplug(self) -> None:
        """Pull the cable."""
        self._stage.change(lambda s: replace(s, plugged=False))

    def plug(self) -> None:
        """Put the cable back."""
        self._stage.change(lambda s: replace(s, plugged=True))


def make(
    name: str, options: Mapping[str, str | int | bool], monotonic: Callable[[], float]
) -> VirtualCamera:
    """The factory of drivers.registry. Options: `fps` (20); `plugged` (true), whether the cable
    is in at the start; `exposes` (true), whether its exposure can be chosen. Raises ValueError for
    any other."""
    unknown = set(options) - {"fps", "plugged", "exposes"}
    if unknown:
        raise ValueError(f"a virtual camera has no option {', '.join(sorted(unknown))}")
    fps = number(options, "fps", 20, most=240)
    camera = VirtualCamera(name, monotonic, fps, flag(options, "exposes", True))
    if not flag(options, "plugged", True):
        camera.unplug()
    return camera
