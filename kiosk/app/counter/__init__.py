"""The staffed counter over the store: what the flow asks for, decided, recorded, and taken in.

desk          all verbs together: kiosk.flows.counter.model.Do without paper, sound and visits
premises      the shop as this counter knows it, the book that it goes by, and recording
acting        who may, what is decided, one transaction
people        signing in, PINs, wrong tries
collecting    pick-up codes, and the wrong ones
identifying   what a scan is
practising    the made-up shop of training
tidying       what is long gone
drops         the kiosk's own drops, as goods of the counter
proofs        what is signed for drivers and customers
"""
