"""Alembic's scripts for ledger.db; run by kiosk.store.migrate."""
