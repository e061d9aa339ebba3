"""What every test may rely on: one kind of Qt application in a process, whoever makes it first."""

from __future__ import annotations

import gc
import shutil
import sys
from collections.abc import Iterator

import pytest

SLOWEST = (
    "tests/pages/",
    "tests/e2e/",
    "tests/crash/",
    "tests/power/",
    "tests/sim/",
    "tests/misfortune/",
)
"""Folders of tests that take seconds each, the longest first."""


def pytest_report_header() -> str | None:
    """Said where everybody sees it; tests/pages/conftest.py leaves them out."""
    if shutil.which("chromium"):
        return None
    return "no chromium on this system: the back office's pages are not tested in a browser"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Ten thousand tests are made and all of them stay: looking for rubbish among them, then and
    at every later collection, finds none and takes seconds in each worker."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_finish() -> None:
    if "sqlalchemy" in sys.modules:
        from tests.statements import compile_once

        compile_once()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After the shuffle the slowest folders come first, each shuffled in itself: what is left at
    the end is short, and no worker sits over a long test alone."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    places = (place for place, folder in enumerate(SLOWEST) if item.nodeid.startswith(folder))
    return next(places, len(SLOWEST))


@pytest.fixture(scope="session")
def qapp_cls() -> object:
    """The product's own: ui.paper makes a QGuiApplication too, and a process has one at most."""
    from PySide6.QtGui import QGuiApplication

    return QGuiApplication
