"""What `takeback scan --camera` tells while no code is there, without a camera on this machine."""

from __future__ import annotations

import json
from threading import Event
from time import monotonic

from drivers.virtual.camera import VirtualCamera
from kiosk.cli.scan import put_figures, scanner_figures


def test_frames_looks_and_exposure_are_told(capsys) -> None:
    camera = VirtualCamera("camera", monotonic, fps=30)
    assert scanner_figures(camera) is None
    came = Event()
    camera.preview = lambda *_: came.set()
    camera.start(lambda _: None)
    before = scanner_figures(camera)
    assert came.wait(20)
    now = scanner_figures(camera)
    camera.stop()
    put_figures(now, before, 0.5, as_json=True)
    (told,) = [json.loads(line)["figures"] for line in capsys.readouterr().out.splitlines()]
    assert told["frames_a_second"] > 0
    assert (told["stale"], told["exposure_step"]) == (0, 0)
    put_figures(now, before, 0.5, as_json=False)
    assert "frames a second" in capsys.readouterr().out
