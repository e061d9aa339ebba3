"""The ways that notices go: a mail server, providers; tried with a message to oneself."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

import sqlalchemy as sa
from litestar import Response, get, post

from sync.central.audit import changed
from sync.central.centre import Centre, Shared, aside
from sync.central.notices import addresses, channels, checking, gateway, places, wording
from sync.central.notices.channels import Paces
from sync.central.notices.gateway import Gateway
from sync.central.notices.hours import Quiet
from sync.central.notices.letters import Letter
from sync.central.notices.mail import Server
from sync.central.notices.model import Address, Kind, Taken, Way
from sync.central.pages.guard import needs
from sync.central.pages.notice_said import NoticeSaid
from sync.central.pages.shared import Web, form_of, go, page_of, person_of, voice_of
from sync.central.people import Person
from sync.central.rest.serving import of_request
from sync.central.rest.targets import Targets
from sync.central.roles import Permission
from sync.central.sealing import Unreadable

_MANAGE = needs(Permission.MANAGE_KEYS, fresh=True)
OTHERS: Final = (Way.SMS, Way.WHATSAPP, Way.SIGNAL, Way.TELEGRAM, Way.WEBHOOK)
MOST: Final = 100_000
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
Faults = dict[str, str]


@get("/notices/channels", opt=_MANAGE)
async def channels_page(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    return go("/login") if person is None else await _show(request, centre, person)


async def _show(
    request: Web, centre: Centre, who: Person, faults: Faults | None = None, tried: str = ""
) -> Response[str]:
    """`tried` is what became of a test message: "sent", or what the provider said."""

    def look() -> tuple[object, Quiet]:
        with centre.database.reading() as c:
            return channels.listed(c, who.tenant), places.quiet(c, who.tenant)

    rows, quiet = await aside(look)
    return page_of(
        request,
        centre,
        "notice_channels.html",
        who,
        told=NoticeSaid(voice_of(request)),
        rows=rows,
        others=[one.value for one in OTHERS],
        quiet=[f"{at // 60:02}:{at % 60:02}" for at in (quiet.begins, quiet.ends)],
        tried=tried,
        said=await form_of(request) if faults or tried else {},
        faults=faults or {},
        status=422 if faults else 200,
    )


def _number(text: str, usual: int) -> int:
    """0 for what is no number that can be."""
    plain = text.strip() or str(usual)
    good = plain.isascii() and plain.isdigit() and len(plain) < 7 and 0 < int(plain) <= MOST
    return int(plain) if good else 0


def _paces(form: dict[str, str]) -> tuple[Paces, list[str]]:
    made = Paces(_number(form.get("a_minute", ""), 60), _number(form.get("a_day", ""), 5000))
    return made, [name for name in ("a_minute", "a_day") if not getattr(made, name)]


@post("/notices/channels/email", opt=_MANAGE)
async def put_email(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form, say = await form_of(request), NoticeSaid(voice_of(request))
    targets = of_request(request).targets
    security = form.get("security", "")
    server = Server(
        form.get("host", "").strip(),
        _number(form.get("port", ""), 587),
        "tls" if security == "tls" else "none" if security == "none" else "starttls",
        form.get("sender", "").strip(),
        wording.one_line(form.get("name", ""))[:100],
        form.get("user", "").strip(),
        form.get("password", "").strip("\r\n"),
    )
    paces, odd = _paces(form)
    faults = {one: say.channel_wrong(one) for one in channels.server_problem(server, targets)}
    faults |= {one: say.channel_wrong("pace") for one in odd}
    if faults:
        return await _show(request, centre, person, faults)
    await aside(partial(_put, centre, person, Way.EMAIL, server, paces))
    return go("/notices/channels")


@post("/notices/channels/provider", opt=_MANAGE)
async def put_provider(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form, say = await form_of(request), NoticeSaid(voice_of(request))
    way, url = form.get("way", ""), form.get("url", "").strip()
    if way not in {one.value for one in OTHERS}:
        return page_of(request, centre, "missing.html", person, status=404)
    targets = of_request(request).targets
    why = await aside(partial(gateway.problem, Way(way), url, targets))
    paces, odd = _paces({name[2:]: value for name, value in form.items() if name[:2] == "p_"})
    faults = {f"p_{one}": say.channel_wrong("pace") for one in odd}
    if why:
        named = {"form": "url"}.get(why, f"url-{why}")
        faults = {"url": say.channel_wrong(named)} | faults
    if faults:
        return await _show(request, centre, person, faults)
    await aside(partial(_put, centre, person, Way(way), Gateway(url), paces))
    return go("/notices/channels")


def _put(centre: Centre, who: Person, way: Way, told: Server | Gateway, paces: Paces) -> None:
    now, actor = centre.clock.now(), who.doing(Permission.MANAGE_KEYS)
    after = {"a_minute": paces.a_minute, "a_day": paces.a_day}

    def work(c: sa.Connection) -> None:
        channels.put(c, centre.ids, now, who.tenant, way, told, paces)
        changed(c, actor, now, "notice.channel_set", way.value, after=after)

    centre.database.write(work)


@post("/notices/channels/step", opt=_MANAGE)
async def act(request: Web, centre: Shared) -> Response[str]:
    """Pause a channel, let it go on, end it."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form = await form_of(request)
    way, step = form.get("way", "").replace("\0", ""), form.get("step", "")
    actor, now = person.doing(Permission.MANAGE_KEYS), centre.clock.now()

    def work(c: sa.Connection) -> None:
        done = {
            "pause": lambda: channels.switch(c, person.tenant, way, False, now),
            "resume": lambda: channels.switch(c, person.tenant, way, True, now),
            "end": lambda: channels.end(c, person.tenant, way),
        }
        if step in done and done[step]():
            changed(c, actor, now, f"notice.channel_{step}", way)

    await aside(lambda: centre.database.write(work))
    return go("/notices/channels")


@post("/notices/channels/quiet", opt=_MANAGE)
async def put_quiet(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form, say = await form_of(request), NoticeSaid(voice_of(request))
    found = {one: _TIME.fullmatch(form.get(one, "").strip()) for one in ("begins", "ends")}
    faults = {one: say.channel_wrong("quiet") for one, read in found.items() if read is None}
    if faults:
        return await _show(request, centre, person, faults)
    begins, ends = (int(one[1]) * 60 + int(one[2]) for one in found.values() if one)
    actor, now = person.doing(Permission.MANAGE_KEYS), centre.clock.now()

    def work(c: sa.Connection) -> None:
        places.set_quiet(c, centre.ids, person.tenant, Quiet(begins, ends))
        after = {"begins": form["begins"].strip(), "ends": form["ends"].strip()}
        changed(c, actor, now, "notice.quiet_set", "quiet hours", after=after)

    await aside(lambda: centre.database.write(work))
    return go("/notices/channels")


@post("/notices/channels/test", opt=_MANAGE)
async def try_one(request: Web, centre: Shared) -> Response[str]:
    """A sample to an address that the person types: sent now, outside the queue."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    form, voice = await form_of(request), voice_of(request)
    to = addresses.read(form.get("way", ""), form.get("to", ""))
    if to is None:
        return await _show(request, centre, person, {"to": NoticeSaid(voice).address_wrong()})
    kind, at = Kind.ARRIVED, centre.clock.now()
    sample = checking.preview(kind, wording.shipped(kind, voice.language), voice.language, at)
    targets = of_request(request).targets
    tried = await aside(partial(_tried, centre, person, to, sample, targets))
    return await _show(request, centre, person, tried=tried)


def _tried(centre: Centre, who: Person, to: Address, sample: Letter, targets: Targets) -> str:
    with centre.database.reading() as c:
        try:
            told = channels.opened(c, who.tenant, to.way.value)
        except Unreadable:
            return "sealed"
    if told is None:
        return "no_way"
    one = Letter(
        to,
        sample.subject,
        sample.body,
        sample.short,
        sample.language,
        centre.ids.uuid(),
        sample.at,
        sample.code,
        sample.right_to_left,
    )
    post = channels.post(told, targets)
    try:
        outcome = post.hand(one, lambda: True)
    finally:
        post.close()
    now, actor = centre.clock.now(), who.doing(Permission.MANAGE_KEYS)
    good = isinstance(outcome, Taken)
    centre.database.write(
        lambda c: changed(c, actor, now, "notice.tried", to.way.value, after={"sent": good})
    )
    return "sent" if good else outcome.answer


handlers = (channels_page, put_email, put_provider, act, put_quiet, try_one)
