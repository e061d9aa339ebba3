"""Second factors and webhooks' keys cannot be read in the database, and go on working."""

from __future__ import annotations

import pyotp
import pytest
import sqlalchemy as sa

from sync.central import sealed, sealing
from sync.central.database import Database
from sync.central.people import codes, creating, sessions
from sync.central.people.sessions import Browser, Stage
from sync.central.sealing import SECOND_FACTOR, WEBHOOK, Secrets, Unreadable
from sync.central.serve import CentralServer
from sync.central.tables import people, webhooks
from tests.sync.conftest import DATABASES, IDS, TENANT

ONE, OTHER = Secrets((("k1", bytes(32)),)), Secrets((("k2", bytes(range(32))),))
BOTH = Secrets(OTHER.keys + ONE.keys)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SIGNING = "c2VjcmV0LW9mLWEtd2ViaG9vaw=="
ON_SQLITE = pytest.mark.parametrize("database_url", DATABASES[:1], indirect=True)


@pytest.fixture
def opened(database_url):
    """Opens the database with some keys: `opened(ONE)`."""
    made = []

    def open_with(secrets: Secrets = sealing.NONE) -> Database:
        made.append(Database(database_url, secrets))
        return made[-1]

    yield open_with
    for one in made:
        one.close()


@pytest.fixture
def plain(opened, clock) -> Database:
    """What was there before there was a key: Ada's second factor, and a webhook."""
    database = opened()
    creating.create_admin(database, IDS, TENANT, "ada", "a-password-of-words", clock)
    now = clock.now()
    hook = {
        "webhook_id": "w1",
        "tenant": TENANT,
        "merchant_id": "linden",
        "url": "https://shop.example/",
        "types": "",
        "secret": SIGNING,
        "created_at": now,
        "next_at": now,
        "held_until": now,
    }
    with database.writing() as c:
        c.execute(people.update().values(totp_secret=SECRET))
        c.execute(webhooks.insert(), hook)
    return database


def kept(database: Database) -> tuple[str, str]:
    with database.reading() as c:
        factor = c.execute(sa.select(people.c.totp_secret)).scalar_one()
        return factor, c.execute(sa.select(webhooks.c.secret)).scalar_one()


def test_what_is_there_is_sealed_when_a_centre_starts_and_still_known(plain, opened, clock):
    database = opened(ONE)
    assert sealed.prepare(database, IDS) == 2
    factor, signing = kept(database)
    assert factor.startswith("s1:k1:")
    assert SECRET not in factor
    assert ONE.open(signing, WEBHOOK, "w1") == SIGNING
    assert sealed.prepare(database, IDS) == 0
    assert kept(database) == (factor, signing)
    code = pyotp.TOTP(SECRET).at(clock.now())
    with database.writing() as c:
        assert codes.use_code(c, "ada", factor, code, clock.now())


def test_a_new_key_in_front_seals_anew_and_the_old_one_may_go(plain, opened):
    sealed.prepare(opened(ONE), IDS)
    assert sealed.prepare(opened(BOTH), IDS) == 2
    assert sealed.prepare(opened(OTHER), IDS) == 0
    assert OTHER.open(kept(plain)[0], SECOND_FACTOR, "ada") == SECRET


@ON_SQLITE
@pytest.mark.parametrize("secrets", [sealing.NONE, OTHER])
def test_a_centre_without_the_key_does_not_start(plain, opened, database_url, clock, secrets):
    sealed.prepare(opened(ONE), IDS)
    with pytest.raises(ValueError, match="a key that is not here: k1"):
        CentralServer(database_url, clock, IDS, secrets=secrets).start()


@ON_SQLITE
def test_a_centre_with_no_key_at_all_says_so_and_serves(plain, database_url, clock, caplog):
    server = CentralServer(database_url, clock, IDS)
    server.start()
    server.stop()
    assert "stand readable in the database" in caplog.text
    assert kept(plain) == (SECRET, SIGNING)


@ON_SQLITE
def test_a_new_second_factor_is_never_readable_and_one_page_shows_one(plain, opened, clock):
    database = opened(ONE)
    with database.writing() as c:
        token = sessions.begin(c, IDS, clock.now(), "ada", Browser(), Stage.IN)
    shown = sessions.make_pending(database, IDS, token)
    assert sessions.make_pending(database, IDS, token) == shown
    with database.reading() as c:
        (pending,) = c.execute(sa.text("SELECT pending FROM sessions")).scalars()
    assert ONE.open(pending, SECOND_FACTOR, "ada") == shown
    assert shown not in pending


@ON_SQLITE
def test_anothers_secret_in_ones_own_row_opens_nothing(plain, opened, clock, caplog):
    database = opened(ONE)
    theirs = ONE.seal(SECRET, IDS, SECOND_FACTOR, "bob")
    code = pyotp.TOTP(SECRET).at(clock.now())
    with database.writing() as c:
        assert not codes.use_code(c, "ada", theirs, code, clock.now())
    assert "cannot be read" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("what", ["another's", "another kind", "cut", "changed", "no base64"])
def test_what_does_not_belong_is_not_opened(what):
    told = ONE.seal(SIGNING, IDS, WEBHOOK, "w1")
    last = "A" if told[-6] != "A" else "B"
    value, kind, whose = {
        "another's": (told, WEBHOOK, "w2"),
        "another kind": (told, SECOND_FACTOR, "w1"),
        "cut": (told[:20], WEBHOOK, "w1"),
        "changed": (told[:-6] + last + told[-5:], WEBHOOK, "w1"),
        "no base64": ("s1:k1:%%%", WEBHOOK, "w1"),
    }[what]
    with pytest.raises(Unreadable):
        ONE.open(value, kind, whose)
    assert ONE.open(told, WEBHOOK, "w1") == SIGNING


def test_the_same_secret_is_never_sealed_alike():
    assert ONE.seal(SIGNING, IDS, WEBHOOK, "w1") != ONE.seal(SIGNING, IDS, WEBHOOK, "w1")


def test_keys_are_read_and_a_slip_tells_none_of_them():
    hidden = "ab" * 32
    assert sealing.parse(f"# ours\n\nk2 {hidden}\nk1 {'00' * 32}\n").keys[0][0] == "k2"
    for slip in ("", "# none", f"k1 {hidden[1:]}", f"k1 {hidden}\nk1 {hidden}", hidden):
        with pytest.raises(ValueError, match=r"line|no key") as caught:
            sealing.parse(slip)
        assert hidden[1:] not in str(caught.value)


def test_keys_are_not_told_where_something_is_logged():
    assert repr(ONE) == "Secrets()"
