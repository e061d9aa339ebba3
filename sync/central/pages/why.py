"""Why a drop's lines got their verdicts, step by step."""

from __future__ import annotations

from litestar import Response, get
from litestar.params import FromPath

from sync.central.centre import Shared, aside
from sync.central.pages.case_words import CaseWords
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, go, page_of, person_of, voice_of
from sync.central.pages.why_parting import PartingWords
from sync.central.pages.why_words import WhyWords
from sync.central.recheck.retelling import Retelling
from sync.central.recheck.why import why
from sync.central.roles import Permission
from sync.central.speech import Speech


@get("/drops/{drop_id:str}/why", opt=needs(Permission.SEE_DROPS))
async def steps(request: Web, centre: Shared, drop_id: FromPath[str]) -> Response[str]:
    """A merchant's person reads the steps of the own shop's rules, as of its drops."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    tenant, merchant = person.tenant, person.merchant
    wanted = drop_id.replace("\0", "")
    found = await aside(lambda: why(centre.database, tenant, wanted, merchant))
    if found is None:
        return page_of(request, centre, "missing.html", person, status=404)
    voice = voice_of(request)
    told = CaseWords(voice)
    again = found.told if isinstance(found.told, Retelling) else None
    return page_of(
        request,
        centre,
        "why.html",
        person,
        why=found,
        again=again,
        retold={one.line.line_id: one for one in again.lines} if again else {},
        told=told,
        apart=PartingWords(voice, Speech(voice, centre.timezone), told),
        words=WhyWords(voice),
    )


handlers = (steps,)
