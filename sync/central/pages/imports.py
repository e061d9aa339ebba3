"""Files of carriers and hubs: brought, looked at, taken; and those that were."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, assert_never

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from kiosk.words import Words
from sync.central.centre import Centre, Shared, aside
from sync.central.importing import Wrong
from sync.central.pages.case_words import CaseWords
from sync.central.pages.goods_words import GoodsWords
from sync.central.pages.guard import needs
from sync.central.pages.shared import Web, form_of, go, page_of, person_of, voice_of
from sync.central.people import Person
from sync.central.reconcile import uploading
from sync.central.reconcile.uploading import BadMap, File, NotRead, NotTaken
from sync.central.roles import Permission


@get("/imports", opt=needs(Permission.SEE_BOOKS))
async def imports(request: Web, centre: Shared) -> Response[str]:
    person = await person_of(request, centre)
    return go("/login") if person is None else await _page(request, centre, person)


async def _page(
    request: Web, centre: Centre, person: Person, status: int = 200, **values: Any
) -> Response[str]:
    asked = str(request.query_params.get("page", "1"))
    page = max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    tenant = person.tenant
    rows, more = await aside(lambda: uploading.taken(centre.database, tenant, page))
    known = await aside(lambda: uploading.maps(centre.database, tenant))
    voice = voice_of(request)
    shown = {"wrong": (), "events": False, "said": {}, **values}
    return page_of(
        request,
        centre,
        "imports.html",
        person,
        rows=rows,
        more=more,
        page=page,
        maps=known,
        goods=GoodsWords(voice),
        status=status,
        **shown,
    )


# How much comes is watched where it comes in (sync.central.uploads).
@post("/imports", opt=needs(Permission.CLOSE_BOOKS), request_max_body_size=None)
async def look(request: Web, centre: Shared) -> Response[str]:
    """Look at a file. The form is multipart; `map` is chosen among those that are known, or typed
    as `columns`."""
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    said = await form_of(request)
    file = await _brought(request, centre, person, said)
    actor = person.doing(Permission.CLOSE_BOOKS)
    told = await aside(
        lambda: uploading.look(centre.database, centre.clock, centre.ids, actor, file)
    )
    if isinstance(told, str):
        return go(f"/imports/{told}")
    wrong = _why_not(told, file, voice_of(request))
    return await _page(request, centre, person, status=422, said=said, **wrong)


def _why_not(told: NotRead | BadMap | list[Wrong], file: File, voice: Words) -> dict[str, Any]:
    """What the page needs to say so: beside which field, or which lines of the file."""
    if isinstance(told, NotRead):
        return {"faults": _not_read(told, voice.t)}
    if isinstance(told, BadMap):
        why = voice.t("What the columns mean cannot be read:")
        return {"faults": {"columns": f"{why} {voice.sentence(told.problem)}"}}
    return {"wrong": told, "file_name": file.name, "events": not file.is_csv}


def _not_read(why: NotRead, t: Callable[..., str]) -> dict[str, str]:
    """By the form's fields."""
    match why:
        case NotRead.NO_FILE:
            return {"file": t("Choose a file that is not empty.")}
        case NotRead.TOO_LARGE:
            command = "takeback central import-movements"
            return {
                "file": t(
                    "This file is larger than {size} MiB. Whoever runs the centre can take it by "
                    "command: {command}",
                    size=uploading.LARGEST >> 20,
                    command=command,
                )
            }
        case NotRead.NO_KIND:
            ends = ".csv, .txt, .json, .jsonld"
            return {"file": t("The file’s name must end in {ends}, to tell what it is.", ends=ends)}
        case NotRead.NO_MAP:
            return {"columns": t("Choose what the columns mean, or say it below.")}
        case _:
            assert_never(why)


async def _brought(request: Web, centre: Centre, person: Person, said: dict[str, str]) -> File:
    form = await request.form()
    sent = form.get("file")
    name, data = "", b""
    if isinstance(sent, UploadFile):
        await sent.seek(0)  # the guard has read it before
        name, data = _plain(sent.filename), await sent.read()
    map_ = said.get("columns", "").replace("\0", "").strip()
    if not map_:
        known = await aside(lambda: uploading.maps(centre.database, person.tenant))
        map_ = next((one["body"] for one in known if one["name"] == said.get("map")), "")
    return File(name, data, map_)


def _plain(name: str) -> str:
    """Its last part, as some browsers tell the whole path."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[-uploading.LONGEST_NAME :]


@get("/imports/{import_id:str}", opt=needs(Permission.SEE_BOOKS))
async def one(request: Web, centre: Shared, import_id: FromPath[str]) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    return await _one(request, centre, person, import_id)


async def _one(
    request: Web, centre: Centre, person: Person, import_id: str, status: int = 200, **values: Any
) -> Response[str]:
    tenant, named = person.tenant, import_id.replace("\0", "")
    row = await aside(lambda: uploading.one(centre.database, tenant, named))
    if row is None:
        return page_of(request, centre, "missing.html", person, status=404)
    voice = voice_of(request)
    wrong: tuple[Wrong, ...] = ()
    shown = {"wrong": wrong, "events": not File(row["file_name"], b"", "").is_csv, **values}
    return page_of(
        request,
        centre,
        "import.html",
        person,
        row=row,
        told=CaseWords(voice),
        goods=GoodsWords(voice),
        status=status,
        **shown,
    )


@post("/imports/{import_id:str}", opt=needs(Permission.CLOSE_BOOKS))
async def take(request: Web, centre: Shared, import_id: FromPath[str]) -> Response[str]:
    person = await person_of(request, centre)
    if person is None:
        return go("/login")
    actor, named = person.doing(Permission.CLOSE_BOOKS), import_id.replace("\0", "")
    done = await aside(lambda: uploading.take(centre.database, centre.clock, actor, named))
    if isinstance(done, list):
        return await _one(request, centre, person, named, status=422, wrong=tuple(done))
    if done is NotTaken.GONE:
        return page_of(request, centre, "missing.html", person, status=404)
    return go(f"/imports/{named}")


handlers = (imports, look, one, take)
