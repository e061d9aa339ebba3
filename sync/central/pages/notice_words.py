"""The words of notices: the shipped ones, the house's and each shop's, with a preview."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from litestar import Response, get, post
from litestar.params import FromPath

from kiosk import words
from sync.central.centre import Centre, Shared, aside
from sync.central.notices import checking, letters, wording
from sync.central.notices.model import Kind
from sync.central.notices.segments import segments
from sync.central.notices.wording import Unfit, Words
from sync.central.pages.guard import needs
from sync.central.pages.notice_said import NoticeSaid
from sync.central.pages.shared import Web, form_of, go, page_of, person_of, voice_of
from sync.central.people import Person, managing
from sync.central.roles import Permission

_SEE = needs(Permission.SEE_POLICY)
_WRITE = needs(Permission.PUBLISH_POLICY)
FIELDS: Final = ("subject", "body", "short")


@get("/notices/words", opt=_SEE)
async def words_page(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    shops = await aside(lambda: managing.list_merchants(centre.database, person.tenant))
    asked = request.query_params.get("shop", "")
    shop = asked if asked in dict(shops) else ""

    def look() -> dict[tuple[str, str], str]:
        with centre.database.reading() as c:
            return {
                (kind.value, tag): wording.in_force(c, person.tenant, shop, kind, tag)[1]
                for kind in Kind
                for tag in words.languages()
            }

    whose = await aside(look)
    return page_of(
        request,
        centre,
        "notice_words.html",
        person,
        told=NoticeSaid(voice_of(request)),
        kinds=[kind.value for kind in Kind],
        languages=words.languages(),
        whose=whose,
        shops=shops,
        shop=shop,
    )


@get("/notices/words/{kind:str}/{language:str}", opt=_SEE)
async def one_page(
    request: Web, centre: Shared, kind: FromPath[str], language: FromPath[str]
) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    return await _show(request, centre, person, kind, language, None, {})


async def _show(
    request: Web,
    centre: Centre,
    who: Person,
    kind: str,
    language: str,
    typed: Words | None,
    faults: dict[str, str],
) -> Response[str]:
    """`typed` is what somebody wrote and has not saved."""
    if kind not in set(Kind) or language not in words.languages():
        return page_of(request, centre, "missing.html", who, status=404)
    its = Kind(kind)
    shops = dict(await aside(lambda: managing.list_merchants(centre.database, who.tenant)))
    asked = (await form_of(request)).get("shop", request.query_params.get("shop", ""))
    shop = asked if asked in shops else ""

    def look() -> tuple[Words, str]:
        with centre.database.reading() as c:
            return wording.in_force(c, who.tenant, shop, its, language)

    said, whose = await aside(look)
    shown = typed or said
    return page_of(
        request,
        centre,
        "notice_word.html",
        who,
        told=NoticeSaid(voice_of(request)),
        kind=kind,
        its_language=language,
        called=words.languages()[language],
        its_direction="rtl" if words.words(language).right_to_left else "ltr",
        shop=shop,
        shop_name=shops.get(shop, ""),
        whose=whose,
        shown=shown,
        own=whose == ("merchant" if shop else "tenant"),
        placeholders=sorted(wording.PLACEHOLDERS[its]),
        needed=wording.NEEDED[its],
        preview=_preview(centre, its, shown, language),
        faults=faults,
        status=422 if faults else 200,
    )


def _preview(centre: Centre, kind: Kind, said: Words, language: str) -> dict[str, Any] | None:
    if checking.problems(kind, said):
        return None
    try:
        made = checking.preview(kind, said, language, centre.clock.now())
    except Unfit:
        return None
    return {
        "subject": made.subject,
        "code": letters.typed(made.code) if made.code else "",
        "parts": [part.strip() for part in made.body.split("\n\n") if part.strip()],
        "short": made.short,
        "segments": segments(made.short),
    }


@post("/notices/words/{kind:str}/{language:str}", opt=_WRITE)
async def write(
    request: Web, centre: Shared, kind: FromPath[str], language: FromPath[str]
) -> Response[str]:
    """Looked at, saved, or given up for the words above."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    if kind not in set(Kind) or language not in words.languages():
        return page_of(request, centre, "missing.html", person, status=404)
    form = await form_of(request)
    subject, body, short = (form.get(one, "").replace("\r\n", "\n") for one in FIELDS)
    typed, its = Words(subject.strip(), body.strip(), short.strip()), Kind(kind)
    step = form.get("step", "")
    if step != "back":
        say = NoticeSaid(voice_of(request))
        faults = {one.field: say.wrong(one) for one in checking.problems(its, typed)}
        if faults or step != "save":
            return await _show(request, centre, person, kind, language, typed, faults)
    shops = dict(await aside(lambda: managing.list_merchants(centre.database, person.tenant)))
    shop = form.get("shop", "")
    if shop and shop not in shops:
        return page_of(request, centre, "missing.html", person, status=404)
    actor, now = person.doing(Permission.PUBLISH_POLICY), centre.clock.now()
    said = None if step == "back" else typed
    await aside(
        lambda: centre.database.write(
            lambda c: checking.save(c, actor, now, shop, its, language, said)
        )
    )
    return go(f"/notices/words/{kind}/{language}" + (f"?shop={quote(shop)}" if shop else ""))


handlers = (words_page, one_page, write)
