"""EPCIS 2.0 (ISO/IEC 19987): what happened to the goods, in the words of GS1's standard.

`names` gives everything its URI, `events` says what a drop or a movement is in EPCIS, `hashing`
gives each event the id that follows from its content, `document` streams them.
"""
