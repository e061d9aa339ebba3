"""The fleet: how each kiosk is and was, what needs a person, who may join, what was ordered.

spans      what was wrong with a kiosk, from when to when
needs      why a kiosk needs somebody, the worst first
reading    the list of kiosks and of sites, and how far a bundle has come
one        all that a kiosk's page shows
joining    one-time codes: made, shown once, cancelled
"""
