"""Photographs of goods and pictures of the screen: one line, and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass

from sync.agent.photos import Sending, Step


@dataclass(frozen=True, slots=True)
class Both:
    """Each is a Sending of its own: what the centre does not take of one holds up no other."""

    photos: Sending
    screens: Sending

    def waits(self) -> bool:
        """Whether anything may be sent now."""
        return self.photos.waits() or self.screens.waits()

    def step(self, queued: int) -> Step:
        """One part: of photographs, and of pictures where none waits and no event is `queued`.
        The centre would not take a picture before it was told of, and the picture would rest for
        long."""
        if queued or self.photos.waits():
            return self.photos.step()
        return self.screens.step()

    def rest(self, seconds: float) -> None:
        """None of either for so long."""
        self.photos.rest(seconds)
        self.screens.rest(seconds)
