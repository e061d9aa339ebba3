"""A notice as it is read: values in the reader's language, the words filled in, an e-mail of it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING, Final

from kiosk import words
from kiosk.domain.codes.pick_up import PREFIX
from kiosk.domain.money import Money
from sync.central.notices import wording
from sync.central.notices.model import Address, Kind
from sync.central.notices.queue import Held
from sync.central.notices.wording import Unfit, Words

if TYPE_CHECKING:
    from jinja2 import Template

_CODE_ID: Final = "code"
_NAMES: Final = ("shop", "shop_address", "hours", "support", "carrier", "merchant", "order")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who an e-mail is from: an address, and a name that people know."""

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice for one address. `code` is what a QR holds, "" for none; `message_id` stays the
    same at every try."""

    to: Address
    subject: str
    body: str
    short: str
    language: str
    message_id: str
    at: datetime
    code: str = ""
    right_to_left: bool = False


def typed(code: str) -> str:
    """A pick-up code as people read it: in threes."""
    plain = code.removeprefix(PREFIX)
    return "-".join(plain[at : at + 3] for at in range(0, len(plain), 3))


def values(kind: Kind, told: dict[str, str], code: str, name: str, language: str) -> dict[str, str]:
    """What a kind's placeholders stand for; "" for what nobody knows."""
    made = {one: told.get(one, "") for one in _NAMES}
    made |= {"name": name, "code": typed(code), "receipt": told.get("receipt", "")}
    count = told.get("count", "1")
    made |= {"count": count, "many": "many" if count not in ("", "0", "1") else ""}
    made |= dict(zip(("last_day", "last_day_short"), _days(told, language), strict=True))
    made["amount"] = _amount(told, language)
    return {one: made[one] for one in wording.PLACEHOLDERS[kind]}


def _days(told: dict[str, str], language: str) -> tuple[str, str]:
    from babel.dates import format_date

    try:
        day = date.fromisoformat(told.get("last_day", ""))
    except ValueError:
        return "", ""
    locale = words.words(language).language.replace("-", "_")
    return format_date(day, "full", locale=locale), format_date(day, "short", locale=locale)


def _amount(told: dict[str, str], language: str) -> str:
    minor, currency = told.get("minor", ""), told.get("currency", "")
    if not minor or not currency:
        return ""
    return words.words(language).money(Money(int(minor), currency))


def of(held: Held, to: Address, said: Words, at: datetime) -> Letter:
    """What this address gets. Raises Unfit."""
    voice, hidden = words.words(held.language), held.hidden
    filling = values(held.kind, held.told, hidden.code, hidden.name, held.language)
    return Letter(
        to,
        wording.one_line(wording.filled(said.subject, filling)),
        wording.filled(said.body, filling).strip(),
        wording.one_line(wording.filled(said.short, filling)),
        voice.language,
        held.notice_id,
        at,
        hidden.code if "code" in wording.PLACEHOLDERS[held.kind] else "",
        voice.right_to_left,
    )


# --- as an e-mail --------------------------------------------------------------------------------


@cache
def _frame() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("sync.central.notices", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return made.get_template("letter.html")


def html(one: Letter, picture: str) -> str:
    """The text as HTML: its paragraphs, and the code large where it stands alone. `picture` is
    the address of the code's QR, "" for none."""
    shown = typed(one.code)
    parts = [part.strip() for part in one.body.split("\n\n") if part.strip()]
    return _frame().render(
        language=one.language,
        direction="rtl" if one.right_to_left else "ltr",
        subject=one.subject,
        parts=[(part == shown and bool(shown), part.split("\n")) for part in parts],
        picture=picture,
    )


def qr(code: str, scale: int = 6) -> bytes:
    """A code's QR as PNG, dark on white with its quiet zone: readable on a dark screen as well."""
    import segno

    out = io.BytesIO()
    segno.make(code, error="m", micro=False).save(out, kind="png", scale=scale, border=4)
    return out.getvalue()


def email(one: Letter, sender: Sender) -> EmailMessage:
    """As RFC 5322 has it: text and HTML, the code's QR inside. Raises Unfit."""
    made = EmailMessage(policy=SMTP)
    name, _, domain = sender.address.rpartition("@")
    try:
        made["From"] = Mailbox(wording.one_line(sender.name), name, domain)
        made["To"] = one.to.to
        made["Subject"] = one.subject
        made["Message-ID"] = f"<{one.message_id}@{domain}>"
    except ValueError as error:
        raise Unfit("no header may be of this") from error
    made["Date"] = format_datetime(one.at)
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence note answers it
    made.set_content(one.body + "\n")
    picture = f"{_CODE_ID}.{one.message_id}@{domain}"
    told = html(one, f"cid:{picture}" if one.code else "")
    made.add_alternative(told, subtype="html")
    made["Content-Language"] = one.language  # whatever is of the content goes with a new content
    if one.code:
        parts = made.get_payload()
        assert isinstance(parts, list)
        inner = parts[1]
        assert isinstance(inner, EmailMessage)
        inner.add_related(
            qr(one.code),
            "image",
            "png",
            cid=f"<{picture}>",
            filename="code.png",
            disposition="inline",
        )
    return made
