"""A form that was not taken: what is wrong stands beside its field, and what was typed is kept.

For each form: what is sent, the fields that are wrong in their order, and what must still stand
there. Where the database is of no matter, SQLite stands for both.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

import pytest

from kiosk.words import languages
from sync.central.cases import Evidence, Found, Kind, open_many
from sync.central.roles import Role
from sync.central.tables import cases
from tests.sync.people.conftest import IDS, PASSWORD, Browser, Telephone, create_admin

VOID = {"input", "meta", "link", "br"}
TOLD_BY_HEART = ("seven", "1 2 3")  # never comes back in a page


@pytest.fixture
def database_url(prepared_file, tmp_path):
    path = tmp_path / "central.db"
    path.write_bytes(prepared_file.read_bytes())
    return f"sqlite:///{path}"


class Form(HTMLParser):
    """A page's fields by id, the texts of whatever has an id, its title, and its values."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, dict[str, str]] = {}
        self.described: list[dict[str, str]] = []
        self.texts: dict[str, str] = {}
        self.links: list[str] = []
        self.kept: set[str] = set()
        self.title = ""
        self._open: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "input" and ("checked" in told or told.get("type", "text") == "text"):
            self.kept.add(told.get("value", ""))
        if tag == "option" and "selected" in told:
            self.kept.add(told["value"])
        if tag == "a" and told.get("href", "").startswith("#"):
            self.links.append(told["href"][1:])
        if "aria-describedby" in told:
            self.described.append(told)
        if "id" in told:
            assert told["id"] not in self.fields, "an id stands once in a page"
            self.fields[told["id"]] = {"tag": tag, **told}
        if tag == "fieldset" and "aria-invalid" in told:
            assert told["role"] == "radiogroup", "nothing else that groups may be called wrong"
        if tag not in VOID:
            self._open.append((tag, told.get("id", "")))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for tag, named in self._open:
            if tag == "title":
                self.title += data
            if tag == "textarea":
                self.kept.add(data)
            if named:
                self.texts[named] = self.texts.get(named, "") + data.strip()

    @property
    def waits(self) -> list[str]:
        """The fields that ask for the cursor."""
        return [name for name, told in self.fields.items() if "autofocus" in told]


@dataclass
class Reader(Browser):
    """Keeps the page as it came, with its marks."""

    raw: str = ""

    def _keep(self, answer):
        self.raw = answer.text
        return super()._keep(answer)


def says_so(browser: Reader, *wrong: str) -> Form:
    """The page says of each of these fields what is wrong, and of no other."""
    form = Form(browser.raw)
    told = [name for name in form.texts if name.endswith("-wrong")]
    assert told == [f"{name}-wrong" for name in wrong]
    for name in wrong:
        assert form.texts[f"{name}-wrong"], "a sentence"
        said_of = [
            one for one in form.described if f"{name}-wrong" in one["aria-describedby"].split()
        ]
        assert said_of, f"nothing is described by what is wrong with {name}"
        assert any(one.get("aria-invalid") == "true" for one in said_of)
    assert form.waits == [wrong[0]]
    assert form.links == (["main", *wrong] if len(wrong) > 1 else ["main"])
    assert form.title.startswith("Error: ")
    assert not any(word in browser.raw for word in TOLD_BY_HEART)
    return form


@pytest.fixture
def reader(centre):
    made = Reader(centre)
    yield made
    made.session.close()


@pytest.fixture
def ada(centre):
    create_admin(centre.database, IDS, "acme", "ada", PASSWORD, roles=tuple(Role))


@pytest.fixture
def desk(reader, ada):
    return reader.sign_in()


def test_at_the_door_the_name_is_kept_and_the_password_is_not(reader, ada):
    reader.look("/login")
    assert Form(reader.raw).waits == ["name"]
    assert not Form(reader.raw).title.startswith("Error")
    for form, wrong, status in (
        ({"name": "ada", "password": ""}, ("password",), 422),
        ({"name": "", "password": "seven of nine"}, ("name",), 422),
        ({"name": " ", "password": ""}, ("name", "password"), 422),
        ({"name": "ada", "password": "seven of nine"}, ("password",), 403),
    ):
        reader.send("/login", **form)
        assert reader.status == status
        assert form["name"] in says_so(reader, *wrong).kept


def test_a_weak_password_is_told_beside_its_field(desk):
    desk.look("/account/password").send("/account/password", password="seven")
    assert desk.status == 422
    assert says_so(desk, "password").fields["password"]["aria-describedby"] == "hint password-wrong"


def test_the_second_factor_asks_for_its_code_again(desk, clock):
    telephone = Telephone(clock)
    telephone.scan(desk.look("/account/second-factor").page)
    for code, status in (("", 422), ("1 2 3", 403)):
        desk.send("/account/second-factor", code=code)
        assert desk.status == status
        says_so(desk, "code")
    desk.send("/account/second-factor", code=telephone.code())
    desk.send("/logout").sign_in()
    for code, status in (("", 422), ("1 2 3", 403)):
        desk.send("/login/code", code=code)
        assert desk.status == status
        assert says_so(desk, "code").fields["code"]["aria-describedby"] == "hint code-wrong"
    desk.send("/login/code", code=telephone.code(1))
    desk.look("/again").send("/again", password="", code="")
    says_so(desk, "password", "code")
    desk.send("/again", password="seven of nine", code="1 2 3")
    says_so(desk, "password")
    assert desk.status == 403


INVITATIONS = (
    ({"name": "bob"}, ("role",)),
    ({"name": "", "role": ["agent"]}, ("name",)),
    ({"name": "ada", "role": ["agent"]}, ("name",)),
    ({"name": "bob", "role": ["agent"], "merchant": "nobody"}, ("merchant",)),
    ({"name": "bob", "role": ["admin", "agent"], "merchant": "nobody"}, ("merchant",)),
    ({"name": ""}, ("name", "role")),
)


def test_an_invitation_keeps_what_was_chosen(desk):
    for form, wrong in INVITATIONS:
        desk.look("/people").send("/people/invite", **form)
        assert desk.status == 422
        page = says_so(desk, *wrong)
        assert {form["name"], *form.get("role", ())} <= page.kept
        assert ("viewer" in page.kept) == ("viewer" in form.get("role", ()))


def test_rights_keep_what_was_chosen(desk, centre):
    create_admin(centre.database, IDS, "acme", "bob", PASSWORD, roles=(Role.VIEWER,))
    here = "/people/person?name=bob"
    desk.look(here).send("/people/roles", name="bob", role=["agent", "admin"], merchant="nobody")
    assert {"agent", "admin"} <= says_so(desk, "merchant").kept
    desk.look(here).send("/people/roles", name="bob")
    assert "viewer" not in says_so(desk, "role").kept


def test_a_step_of_a_case_keeps_what_was_written(desk, centre, clock):
    found = Found(Kind.MISSING, "bag", "BAG-1", clock.now(), Evidence())
    centre.database.write(lambda c: open_many(c, "acme", [found]))
    path = f"/cases/{centre.rows(cases)[0]['case_id']}"
    for form, wrong in (
        ({"step": "settled", "comment": "it lay behind the bin"}, ("resolution",)),
        ({"step": "settled", "resolution": "told_merchant"}, ("why",)),
        ({"step": "settled", "comment": "\n"}, ("resolution", "why")),
        ({"step": "commented", "comment": " "}, ("comment",)),
    ):
        desk.look(path).send(path, seen="1", **form)
        assert desk.status == 422
        page = says_so(desk, *wrong)
        assert {form.get("resolution", ""), form.get("comment", "").strip()} - {""} <= page.kept


def test_every_language_says_in_the_title_that_something_is_wrong(reader):
    titles = set()
    for language in languages():
        reader.session.headers["Accept-Language"] = language
        reader.look("/login").send("/login", name="", password="")
        titles.add(Form(reader.raw).title.partition(" ")[0])
    assert len(titles) == 4, titles  # Spanish and English share the word


OTHERS = (
    ("/policy/draft", "/policy/draft", {"body": " "}, "body"),
    ("/kiosks/enrol", "/kiosks/enrol", {"site": "", "code": "K1"}, "site"),
    ("/kiosks/enrol", "/kiosks/enrol", {"site": "North", "code": "K-1"}, "code"),
    ("/kiosks/orders", "/kiosks/orders", {"to": "", "kind": "restart"}, "to-command"),
    (
        "/kiosks/orders",
        "/kiosks/orders",
        {"to": "", "setting": "sound", "value": "7"},
        "to-setting",
    ),
    (
        "/keys",
        "/keys/make",
        {"role": "hub", "name": "North", "subject": "a b", "days": "30"},
        "subject",
    ),
    ("/keys", "/keys/make", {"role": "merchant", "name": "Till", "days": "30"}, "merchant"),
    ("/keys/webhooks", "/keys/webhooks", {"merchant": "", "url": "https://a.example"}, "merchant"),
)


def test_all_other_forms_say_it_the_same_way(desk):
    for page, action, form, wrong in OTHERS:
        desk.look(page).send(action, **form)
        assert desk.status == 422
        kept = says_so(desk, wrong).kept
        assert {told for name, told in form.items() if name in ("site", "name", "url")} <= kept
