"""The counter's screens.

face      the window's face: what it shows, and what a touch means
showing   the screen and its properties, as a total function of the session
frame     what every screen has around its own content
desk, inbound, outbound, leaving   the screens of each job
shots     pictures of all of them
"""
