"""Bundles by what changed: whatever a kiosk has, it ends with what the centre holds."""

from __future__ import annotations

import dataclasses
import random
import shutil

import msgspec
import pytest

from kiosk.domain.returns import AuthorisationState
from sync.central import policy
from sync.central.database import Database
from sync.central.policy import outgoing, packing
from sync.central.tables import bundle_chunks, removed_authorisations
from sync.wire import bundle, lines
from tests.sync.boxes import Box, publish
from tests.sync.conftest import BUNDLE_KEY, TENANT, TestClock, authorisation

IDS = ["R1", "R2", "R3", "r1", "Z", "a", "ä", "Ω", "\U0001f4e6", "R10"]


@pytest.fixture
def database(database_url):
    opened = Database(database_url)
    yield opened
    opened.close()


def changes(database, file):
    class Stream:
        """The file's parts as one stream."""

        def __init__(self):
            self.data = b"".join(packing.read(database, TENANT, file.sha256, 0, file.size))
            self.at = 0

        def read(self, most):
            part = self.data[self.at : self.at + most]
            self.at += len(part)
            return part

    return lines.changes(Stream(), file)


def laid(database, files, held=None):
    """What stands after these files, laid on what is held."""
    after = dict(held or {})
    for change in lines.laid_over([changes(database, file) for file in files]):
        after.pop(change.return_id, None)
        if change.put is not None:
            after[change.return_id] = change.put
    return after


def test_full_equals_an_earlier_one_and_the_deltas_since(database):
    """A long random history: at each bundle, from every earlier one, both ways."""
    dice = random.Random(4)
    clock, held, states = TestClock(), {}, {0: {}}
    kinds = set()
    for number in range(1, 41):
        for return_id in dice.sample(IDS, dice.choice((0, 0, 1, 1, 4))):
            if return_id in held and dice.random() < 0.4:
                policy.remove_authorisations(database, TENANT, [return_id])
                del held[return_id]
            else:
                one = authorisation(return_id, quantity=dice.randint(1, 9))
                policy.put_authorisations(database, TENANT, [one])
                held[return_id] = one
        manifest = policy.publish(database, clock, TENANT, BUNDLE_KEY)
        assert manifest.number == number
        states[number] = dict(held)
        ours = [file for file in manifest.files if file.name == bundle.AUTHORISATIONS]
        kinds |= {file.kind for file in ours}
        whole = bundle.plan(manifest, 0)
        assert laid(database, whole.files) == held
        deltas = {file.base: file for file in ours if file.kind == "delta"}
        for have in range(max(1, number - 3), number):
            way = [deltas[base] for base in range(have, number)]
            assert laid(database, way, states[have]) == held
    assert kinds == {"full", "base", "delta"}


def test_many_returns_and_few_changes_go_as_a_base_and_deltas(database):
    clock = TestClock()
    dice = random.Random(5)
    many = [
        dataclasses.replace(authorisation(f"R{n:04d}"), order_number=f"{dice.getrandbits(200):x}")
        for n in range(300)
    ]
    policy.put_authorisations(database, TENANT, many)
    first = policy.publish(database, clock, TENANT, BUNDLE_KEY)
    assert [file.kind for file in first.files] == ["full", "full"]
    cancelled = dataclasses.replace(many[7], state=AuthorisationState.CANCELLED)
    policy.put_authorisations(database, TENANT, [cancelled])
    policy.remove_authorisations(database, TENANT, ["R0009", "never there"])
    second = policy.publish(database, clock, TENANT, BUNDLE_KEY)
    assert [file.kind for file in second.files] == ["full", "base", "delta"]
    assert second.files[1].sha256 == first.files[1].sha256, "nothing is packed twice"
    assert second.files[2].rows == 2
    assert bundle.plan(second, 1) == bundle.Plan(1, (second.files[2],))
    found = laid(database, bundle.plan(second, 0).files)
    assert (len(found), found["R0007"]) == (299, cancelled)
    third = policy.publish(database, clock, TENANT, BUNDLE_KEY)
    assert third.files[-1].rows == 0, "nothing changed"
    policy.put_authorisations(database, TENANT, [authorisation(f"S{n}") for n in range(200)])
    for one in many:  # a quarter of the whole and more
        policy.put_authorisations(database, TENANT, [dataclasses.replace(one, country="DE")])
    fourth = policy.publish(database, clock, TENANT, BUNDLE_KEY)
    assert [file.kind for file in fourth.files][:2] == ["full", "full"]
    assert len(laid(database, bundle.plan(fourth, 0).files)) == 500


def test_what_is_put_as_it_was_is_no_change(database):
    clock = TestClock()
    policy.put_authorisations(database, TENANT, [authorisation("R1")])
    policy.publish(database, clock, TENANT, BUNDLE_KEY)
    policy.put_authorisations(database, TENANT, [authorisation("R1")])
    second = policy.publish(database, clock, TENANT, BUNDLE_KEY)
    assert second.files[-1].rows == 0


def test_removed_and_put_again_before_anybody_heard_of_it(database):
    clock = TestClock()
    policy.put_authorisations(database, TENANT, [authorisation("R1")])
    policy.publish(database, clock, TENANT, BUNDLE_KEY)
    policy.remove_authorisations(database, TENANT, ["R1"])
    policy.put_authorisations(database, TENANT, [authorisation("R1")])
    second = policy.publish(database, clock, TENANT, BUNDLE_KEY)
    assert laid(database, bundle.plan(second, 0).files) == {"R1": authorisation("R1")}
    [delta] = [file for file in second.files if file.kind == "delta"]
    assert laid(database, [delta], {"R1": authorisation("R1")}) == {"R1": authorisation("R1")}


def test_neither_removals_nor_files_pile_up(database):
    clock = TestClock()
    for number in range(outgoing.MAX_DELTAS + 8):
        policy.put_authorisations(database, TENANT, [authorisation(f"R{number}")])
        if number:
            policy.remove_authorisations(database, TENANT, [f"R{number - 1}"])
        made = policy.publish(database, clock, TENANT, BUNDLE_KEY)
    assert len([f for f in made.files if f.kind == "delta"]) == outgoing.MAX_DELTAS
    with database.reading() as c:
        assert c.execute(removed_authorisations.select()).all() == []
        names = {row.sha256 for row in c.execute(bundle_chunks.select())}
    assert {file.sha256 for file in made.files} <= names
    assert not any(name.startswith("making") for name in names)


def test_a_bundle_that_somebody_else_put_into_the_database_is_not_built_upon(database):
    """The next one is made from the rows alone, not from what a stranger's manifest names."""
    from kiosk.seal.keys import SigningKey

    clock = TestClock()
    policy.put_authorisations(database, TENANT, [authorisation("R1")])
    policy.publish(database, clock, TENANT, BUNDLE_KEY)
    policy.publish(database, clock, TENANT, SigningKey(BUNDLE_KEY.kid, bytes(32)))
    third = policy.publish(database, clock, TENANT, BUNDLE_KEY)
    assert [file.kind for file in third.files] == ["full", "full"]
    assert laid(database, bundle.plan(third, 0).files) == {"R1": authorisation("R1")}


# --- at the kiosk ---


class TestAtTheKiosk:
    @pytest.fixture
    def database_url(self, prepared_file, tmp_path):
        shutil.copy(prepared_file, tmp_path / "centre.db")
        return f"sqlite:///{tmp_path}/centre.db"

    @pytest.fixture
    def asked(self, centre, monkeypatch):
        """The files that kiosks fetched, by hash."""
        found = []
        real = packing.find

        def find(database, tenant, sha256):
            found.append(sha256)
            return real(database, tenant, sha256)

        monkeypatch.setattr(packing, "find", find)
        return found

    def test_a_kiosk_that_missed_some_fetches_only_what_changed(
        self, centre, clock, tmp_path, asked
    ):
        dice = random.Random(6)
        many = [
            dataclasses.replace(authorisation(f"R{n}"), order_number=f"{dice.getrandbits(200):x}")
            for n in range(200)
        ]
        policy.put_authorisations(centre.database, TENANT, many)
        publish(centre)
        box = Box(centre, clock, tmp_path / "kiosk")
        box.settle()
        asked.clear()
        policy.put_authorisations(centre.database, TENANT, [authorisation("new")])
        publish(centre)
        policy.remove_authorisations(centre.database, TENANT, ["R3", "new"])
        manifest = publish(centre)
        clock.advance(minutes=7)
        box.settle()
        current = box.store.policy.current()
        assert current.number == 3
        assert current.find_return("R3") is None
        assert current.find_return("new") is None
        assert current.find_return("R4") == many[4]
        text = bundle.find_policy(manifest).sha256
        assert set(asked) == {text, *(f.sha256 for f in manifest.files if f.kind == "delta")}
        newcomer = Box(centre, clock, tmp_path / "newcomer")
        newcomer.settle()
        there = newcomer.store.policy.current()
        assert (there.number, there.find_return("new")) == (3, None)
        assert there.find_return("R4") == many[4]
        newcomer.close()
        box.close()

    def test_a_delta_for_another_bundle_than_ours_is_answered_by_the_whole(
        self, centre, clock, tmp_path, monkeypatch
    ):
        policy.put_authorisations(centre.database, TENANT, [authorisation("R1")])
        publish(centre)
        box = Box(centre, clock, tmp_path / "kiosk")
        box.settle()

        def refuse(**_):
            raise ValueError("a change of another bundle")

        monkeypatch.setattr(box.store.policy, "apply", refuse)
        real = bundle.plan

        def deltas_first(manifest, have):
            files = [f for f in manifest.files if f.kind == "delta"]
            return bundle.Plan(have, tuple(files)) if have else real(manifest, have)

        monkeypatch.setattr(bundle, "plan", deltas_first)
        policy.put_authorisations(centre.database, TENANT, [authorisation("R2")])
        publish(centre)
        clock.advance(minutes=7)
        box.settle()
        assert box.store.policy.current().number == 2
        assert box.store.policy.current().find_return("R2") is not None
        box.close()


def test_a_delta_row_says_one_thing():
    both = msgspec.json.encode({"put": msgspec.to_builtins(authorisation("R1")), "remove": "R1"})
    assert b"remove" in both
    assert lines.row_of(lines.Change(remove="R1")) == b'{"remove":"R1"}'
