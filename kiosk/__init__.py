"""Takeback's core: what the kiosk decides, remembers and promises."""

__version__ = "0.1.0"
