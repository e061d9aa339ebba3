"""Notices to recipients and shoppers: what is due, in whose words, by which way, and what became
of it. docs/notices.md tells the whole."""
