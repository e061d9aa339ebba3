"""Between kiosk and centre: the contract, the kiosk's agent, and the central service."""
