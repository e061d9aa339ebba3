"""Hand-held and fixed scanners with a decoder of their own: over keys, a serial line or HID POS."""
