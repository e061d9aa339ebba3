"""The whole walk on one machine: a centre, a kiosk, and twins for camera, printer and hands."""
