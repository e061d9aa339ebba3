"""The counter book at the centre: what the counters of a site go by, written, checked, published.

    peppers      the secrets that digests of badges and pick-up codes are made with, by site
    people       who works at counters: roles, sites, badges, start PINs; revoked at once
    houses       a site's draft: shelves, carriers, hours, limits
    shelves      rows of shelves by a pattern
    reading      what a form says of one part, or what is wrong with it
    checking     what is wrong with all of it together
    publishing   the next book, numbered and signed
    comparing    what one book changed of the one before
    delivering   what a counter is told
    files        shelves, carriers and hours as TOML

A book is the site's house (all that is no person) and its people. The house changes by a draft
that somebody publishes; people change at once, with a book of their own, as somebody who was
revoked must be out at the next heartbeat.
"""

from sync.central.counter_book.peppers import Pepper, newest_pepper

__all__ = ["Pepper", "newest_pepper"]
