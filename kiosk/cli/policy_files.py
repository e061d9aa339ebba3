"""Reading policy files for the subcommands of `takeback policy`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kiosk.cli.common import fail, read_settings

if TYPE_CHECKING:
    from datetime import datetime

    from kiosk.domain.policy.file import Made, Mistake, Shop, Source
    from kiosk.store.policy_file import ActivePolicy, BundleInfo


def content(file: Path) -> bytes:
    """What the file holds, one byte more than may be at most; a sentence and exit code 2 where the
    disk refuses it."""
    from kiosk.domain.policy.file.source import MOST_BYTES

    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        fail(f"{file}: {error.strerror}", code=2)


def source(file: Path) -> Source | Mistake:
    """A file as a table with places; a sentence and exit code 2 where the disk refuses it."""
    from kiosk.domain.policy.file import read

    return read(content(file), str(file))


def text_of(one: Source, file: Path) -> str:
    """The file as TOML, to find lines in; "" for JSON."""
    return "" if one.file.endswith(".json") else file.read_text("utf-8-sig")


def told(mistake: Mistake) -> str:
    """One line, as compilers write them and editors read them."""
    level = "" if mistake.level.value == "error" else f"{mistake.level.value}: "
    rule = f"{mistake.rule}: " if mistake.rule else ""
    remedy = f"; {mistake.remedy}" if mistake.remedy else ""
    return f"{mistake.place}: {level}{rule}{mistake.problem}{remedy}"


def made(file: Path) -> Made:
    """A file's rules, all good; otherwise every mistake and exit code 2."""
    from kiosk.domain.policy.file import Level, Mistake, compile_file

    found = source(file)
    if isinstance(found, Mistake):
        fail(told(found), code=2)
    result = compile_file(found)
    wrong = [one for one in result.mistakes if one.level is Level.ERROR]
    for one in wrong:
        typer.echo(told(one), err=True)
    if wrong or not result.shops:
        fail(f"{file}: cannot be used; run: takeback policy check {file}", code=2)
    return result


def shop(file: Path, merchant_id: str) -> Shop:
    """One merchant's rules out of a file: the only ones, or those of `merchant_id`."""
    shops = made(file).shops
    alone = len(shops) == 1 and (not merchant_id or not shops[0].merchant_id)
    found = shops[0] if alone else None
    found = found or next((one for one in shops if one.merchant_id == merchant_id), None)
    if found is None:
        names = ", ".join(one.merchant_id or "(no merchant)" for one in shops)
        fail(f"{file}: say whose rules with --merchant; there are: {names}", code=2)
    return found


def active(settings: Path) -> ActivePolicy:
    """The bundle in force on this kiosk; a sentence where there is none."""
    from kiosk.store import StoreFailed
    from kiosk.store.policy_file import newest

    try:
        found = newest(read_settings(settings).data)
    except StoreFailed as error:
        fail(f"the policy cannot be read: {error}; run: takeback doctor")
    if found is None:
        fail("this kiosk holds no policy bundle yet; is it enrolled, and was the centre reached?")
    return found


def state(info: BundleInfo, now: datetime) -> str:
    """How old a bundle is at a moment, in a word or two."""
    if now >= info.accept_until:
        return "expired"
    return "stale" if now >= info.warn_after else "in force"
