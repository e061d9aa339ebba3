"""The one contract between kiosk and centre, versioned."""
