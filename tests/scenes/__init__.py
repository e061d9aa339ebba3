"""Made-up pictures of what a kiosk's camera sees, with the truth beside each."""
