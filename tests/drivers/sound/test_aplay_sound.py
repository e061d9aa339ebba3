"""Sounds never wait and never fail."""

from __future__ import annotations

from pathlib import Path

from drivers.sound.aplay import Aplay, Played


def test_without_a_player_it_is_silent(tmp_path: Path) -> None:
    sound = tmp_path / "done.wav"
    sound.write_bytes(b"RIFF")
    player = Aplay("no-such-player")
    assert player.play(sound) is Played.NO_PLAYER
    player.stop()


def test_a_missing_file_is_a_value(tmp_path: Path) -> None:
    assert Aplay("true").play(tmp_path / "none.wav") is Played.NO_FILE


def test_it_plays_beside_us_and_a_new_sound_ends_the_old(tmp_path: Path) -> None:
    sound, pipe = tmp_path / "done.wav", tmp_path / "player"
    sound.write_bytes(b"RIFF")
    pipe.write_text("#!/bin/sh\nexec sleep 600\n")
    pipe.chmod(0o755)
    player = Aplay(str(pipe))
    assert player.play(sound) is Played.STARTED
    first = player._child
    assert first is not None
    assert first.poll() is None
    assert player.play(sound) is Played.STARTED
    assert first.poll() is not None
    player.stop()
    player.stop()
