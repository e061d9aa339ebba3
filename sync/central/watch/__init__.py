"""Watching a centre in service: what it counts, what it writes down of requests, who may ask."""
