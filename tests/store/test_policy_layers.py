"""Deltas: a layer on a whole file answers like one file would, whatever came before."""

from __future__ import annotations

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.domain import codes
from kiosk.domain.codes.model import OrderLookup, ShortCode
from kiosk.store import StoreCause, StoreFailed, policy_cache, policy_writing
from kiosk.store.policy_building import Layered
from kiosk.store.policy_cache import due


def names(shelf) -> set[str]:
    return {path.name for path in shelf.directory.glob("*polic*")} | {
        path.name for path in shelf.directory.glob("merged*")
    }


def ids(policy, *wanted: str) -> list[bool]:
    return [policy.find_return(one) is not None for one in wanted]


def now_and_after_a_restart(shelf, store):
    yield store.policy.current()
    store.close()
    yield shelf.open().policy.current()


def test_a_delta_adds_changes_and_takes_away(shelf, store, make_authorisation):
    shelf.install(store, 1, *(make_authorisation(n) for n in (1, 2, 3)))
    changed = make_authorisation(2, postal_code="10115")
    shelf.apply(store, 2, puts=[changed, make_authorisation(4)], removes=["R-3"])
    policy = store.policy.current()
    assert policy.number == 2
    assert policy.find_return("R-1") == make_authorisation(1)
    assert policy.find_return("R-2") == changed
    assert ids(policy, "R-3", "R-4") == [False, True]
    assert policy.content.number == 2
    assert names(shelf) == {"policy-1.db", "policy-2.db"}


def test_it_is_in_force_after_a_restart_too(shelf, store, make_authorisation):
    shelf.install(store, 1, make_authorisation(1))
    shelf.apply(store, 2, puts=[make_authorisation(2)])
    shelf.apply(store, 3, removes=["R-1"])
    store.close()
    policy = shelf.open().policy.current()
    assert policy.number == 3
    assert ids(policy, "R-1", "R-2") == [False, True]
    assert names(shelf) == {"policy-1.db", "policy-3.db"}


def test_old_keys_of_a_changed_return_find_nothing(shelf, store, make_authorisation):
    shelf.install(store, 1, make_authorisation(1, third_party="aa" * 32))
    new = make_authorisation(
        1, short_code=codes.short_code(99), order_number="B 7", third_party="bb" * 32
    )
    shelf.apply(store, 2, puts=[new])
    policy = store.policy.current()
    assert policy.find_short(codes.short_code(1)) is None
    assert policy.find_orders("A1001", "SW1A1AA") == ()
    assert policy.find_third_party("aa" * 32) is None
    assert policy.find_short(codes.short_code(99)) == new
    assert policy.find_orders("B7", "SW1A1AA") == (new,)
    assert policy.find_third_party("bb" * 32) == new


def test_a_short_code_that_two_files_share_is_not_guessed(shelf, store, make_authorisation):
    shelf.install(store, 1, make_authorisation(1), make_authorisation(3, order_number="a 1001"))
    twin = make_authorisation(2, short_code=codes.short_code(1), order_number="a 1001")
    shelf.apply(store, 2, puts=[twin])
    policy = store.policy.current()
    assert policy.find_short(codes.short_code(1)) is None
    assert [one.return_id for one in policy.find_orders("A1001", "SW1A1AA")] == [
        "R-1",
        "R-2",
        "R-3",
    ]


def test_a_delta_fits_what_is_in_force_or_nothing_changes(shelf, store, make_authorisation):
    with pytest.raises(ValueError, match="but 0 is in force"):
        shelf.apply(store, 1, base=0)
    shelf.install(store, 4, make_authorisation(1))
    with pytest.raises(ValueError, match="but 4 is in force"):
        shelf.apply(store, 6, base=5)
    with pytest.raises(ValueError, match="not above 4"):
        shelf.apply(store, 4, base=4)
    assert store.policy.number == 4
    assert names(shelf) == {"policy-4.db"}


def test_each_delta_is_recorded(shelf, store):
    shelf.install(store, 1)
    shelf.apply(store, 2)
    told = [(e.type, e.policyversion, e.data) for e in store.outbox.next_batch(9, 1 << 20).events]
    assert told[-1] == ("takeback.policy.activated.v1", 2, {"number": 2, "previous": 1})


def test_a_delta_that_breaks_off_leaves_what_was(shelf, store, make_authorisation):
    shelf.install(store, 1, make_authorisation(1))
    shelf.apply(store, 2, puts=[make_authorisation(2)])

    def broken():
        yield make_authorisation(3)
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreFailed) as failed:
        shelf.apply(store, 3, puts=broken(), removes=["R-1"])
    assert failed.value.cause is StoreCause.FULL
    assert names(shelf) == {"policy-1.db", "policy-2.db"}
    assert ids(store.policy.current(), "R-1", "R-2", "R-3") == [True, True, False]


def test_a_delta_whose_activation_cannot_be_recorded_is_not_in_force(
    shelf, store, make_authorisation
):
    shelf.install(store, 1, make_authorisation(1))
    store._database.pragma("query_only=ON")
    with pytest.raises(StoreFailed):
        shelf.apply(store, 2, removes=["R-1"])
    store._database.pragma("query_only=OFF")
    assert ids(store.policy.current(), "R-1") == [True]
    assert names(shelf) == {"policy-1.db"}
    shelf.apply(store, 2, removes=["R-1"])
    assert ids(store.policy.current(), "R-1") == [False]


def test_a_full_bundle_replaces_layer_and_base(shelf, store, make_authorisation):
    shelf.install(store, 1, make_authorisation(1))
    shelf.apply(store, 2, puts=[make_authorisation(2)])
    old = store.policy.current()
    shelf.install(store, 3, make_authorisation(3))
    assert names(shelf) == {"policy-3.db"}
    assert ids(store.policy.current(), "R-1", "R-2", "R-3") == [False, False, True]
    assert ids(old, "R-1", "R-2") == [True, True]


@pytest.mark.parametrize("damage", ["base gone", "base of another number", "layer cut off"])
def test_a_broken_pair_takes_nothing_and_is_fetched_again(shelf, store, make_authorisation, damage):
    shelf.install(store, 1, make_authorisation(1))
    shelf.apply(store, 2, puts=[make_authorisation(2)])
    store.close()
    base, layer = (shelf.directory / f"policy-{number}.db" for number in (1, 2))
    match damage:
        case "base gone":
            base.unlink()
        case "base of another number":
            base.write_bytes(layer.read_bytes())
        case _:
            layer.write_bytes(layer.read_bytes()[:-4096])
    again = shelf.open()
    assert again.policy.current() is None
    with pytest.raises(ValueError, match="but 0 is in force"):
        shelf.apply(again, 3, base=2)
    shelf.install(again, 2, make_authorisation(1))
    assert ids(again.policy.current(), "R-1") == [True]


# --- merging ------------------------------------------------------------------------------------


def test_merging_changes_no_answer(shelf, store, make_authorisation):
    shelf.install(store, 1, *(make_authorisation(n, third_party=f"{n:064x}") for n in range(9)))
    shelf.apply(store, 2, puts=[make_authorisation(11)], removes=["R-3", "R-4"])
    assert store.policy.merge()
    assert not store.policy.merge(), "nothing is left to merge"
    assert names(shelf) == {"policy-2.db"}
    for policy in now_and_after_a_restart(shelf, store):
        assert policy.number == 2
        assert policy.base == 0
        assert ids(policy, "R-2", "R-3", "R-4", "R-11") == [True, False, False, True]
        assert policy.find_third_party(f"{2:064x}") is not None
        assert policy.find_third_party(f"{3:064x}") is None


def test_deltas_go_on_after_a_merge(shelf, store, make_authorisation):
    shelf.install(store, 1, make_authorisation(1), make_authorisation(2))
    shelf.apply(store, 2, removes=["R-1"])
    store.policy.merge()
    shelf.apply(store, 3, puts=[make_authorisation(1)], removes=["R-2"])
    assert ids(store.policy.current(), "R-1", "R-2") == [True, False]
    assert names(shelf) == {"policy-2.db", "policy-3.db"}


@pytest.mark.parametrize("then", ["delta", "full"])
def test_a_bundle_that_comes_while_a_merge_is_at_work(
    shelf, store, make_authorisation, monkeypatch, then
):
    shelf.install(store, 1, make_authorisation(1), make_authorisation(2))
    shelf.apply(store, 2, removes=["R-1"])
    merging = policy_cache.merge_layer

    def slow(*args):
        merging(*args)
        if then == "delta":
            shelf.apply(store, 3, puts=[make_authorisation(4)], removes=["R-2"])
        else:
            shelf.install(store, 3, make_authorisation(4))

    monkeypatch.setattr(policy_cache, "merge_layer", slow)
    assert store.policy.merge() == (then == "delta")
    kept = {"policy-2.db", "policy-3.db"} if then == "delta" else {"policy-3.db"}
    assert names(shelf) == kept
    for policy in now_and_after_a_restart(shelf, store):
        assert policy.number == 3
        assert ids(policy, "R-1", "R-2", "R-4") == [False, False, True]
        assert policy.base == (2 if then == "delta" else 0)


def test_a_dear_layer_is_merged_aside(shelf, store, make_authorisation, monkeypatch):
    monkeypatch.setattr(policy_cache, "WORTH_MERGING", 3)
    shelf.install(store, 1, *(make_authorisation(n) for n in range(4)))
    shelf.apply(store, 2, removes=["R-1", "R-2"])
    assert store.policy._merge is None, "two are not worth it"
    shelf.apply(store, 3, removes=["R-3"])
    store.policy._merge.join()
    assert names(shelf) == {"policy-3.db"}
    assert ids(store.policy.current(), "R-0", "R-1", "R-2", "R-3") == [True, False, False, False]


def test_closing_gives_a_merge_up(shelf, store, make_authorisation, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    merging = policy_cache.merge_layer

    def held(*args):
        begun.set()
        go_on.wait(20)
        merging(*args)

    monkeypatch.setattr(policy_cache, "merge_layer", held)
    monkeypatch.setattr(policy_cache, "WORTH_MERGING", 1)
    shelf.install(store, 1, make_authorisation(1))
    shelf.apply(store, 2, removes=["R-1"])
    shelf.apply(store, 3, removes=["R-2"])
    assert begun.wait(20)
    closing = threading.Thread(target=store.close)
    closing.start()
    go_on.set()
    closing.join()
    policy = shelf.open().policy.current()
    assert policy.number == 3
    assert ids(policy, "R-1", "R-2") == [False, False]
    assert not any(name.startswith("merged") for name in names(shelf))


def test_when_a_merge_pays(shelf):
    layer = shelf.directory / "policy-2.db"
    million = 10_000_000
    assert not due(Layered(layer, touched=100_000, changed=100_000, base_rows=million))
    assert due(Layered(layer, touched=1_500_000, changed=100_000, base_rows=million))
    assert not due(Layered(layer, touched=1_300_000, changed=100_000, base_rows=million))
    assert not due(Layered(layer, touched=19_999, changed=1, base_rows=100))
    assert due(Layered(layer, touched=20_000, changed=0, base_rows=million))


# --- room ---------------------------------------------------------------------------------------


def test_old_and_new_must_both_fit_before_anything_is_written(
    shelf, store, make_authorisation, monkeypatch
):
    shelf.install(store, 1, make_authorisation(1))
    need = policy_writing.LOW_BYTES + (shelf.directory / "policy-1.db").stat().st_size
    asked = []

    def returns():
        asked.append(True)
        yield make_authorisation(2)

    monkeypatch.setattr(policy_writing, "free_bytes", lambda _: need - 1)
    with pytest.raises(StoreFailed) as failed:
        shelf.install(store, 2, authorisations=returns())
    assert failed.value.cause is StoreCause.FULL
    assert not asked
    monkeypatch.setattr(policy_writing, "free_bytes", lambda _: need)
    shelf.install(store, 2, authorisations=returns())
    assert store.policy.number == 2


def test_a_bundle_never_takes_the_last_of_the_disk(shelf, store, make_authorisation, monkeypatch):
    shelf.install(store, 1, make_authorisation(1))
    free = iter([1 << 40, policy_writing.LOW_BYTES - 1])
    monkeypatch.setattr(policy_writing, "free_bytes", lambda _: next(free))
    with pytest.raises(StoreFailed) as failed:
        shelf.install(store, 2, make_authorisation(2))
    assert failed.value.cause is StoreCause.FULL
    assert names(shelf) == {"policy-1.db"}


# --- against a dictionary -----------------------------------------------------------------------

KEYS = st.integers(0, 5)
CHANGE = st.tuples(KEYS, KEYS, KEYS, KEYS)  # return, its short code, its order, its third party
STEP = st.one_of(
    st.tuples(st.just("install"), st.lists(CHANGE, max_size=6, unique_by=lambda one: one[0])),
    st.tuples(st.just("apply"), st.lists(CHANGE, max_size=4), st.sets(KEYS, max_size=3)),
    st.tuples(st.just("merge")),
    st.tuples(st.just("restart")),
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(STEP, min_size=2, max_size=7))
def test_any_history_answers_like_a_dictionary(
    tmp_path_factory, shelf_at, make_authorisation, steps
):
    def made(change):
        number, short, order, third = change
        return make_authorisation(
            number,
            short_code=codes.short_code(short) if short else "",
            order_number=f"O{order}",
            third_party=f"{third:064x}" if third else "",
        )

    shelf = shelf_at(tmp_path_factory.mktemp("history") / "data")
    store = shelf.open()
    model, number = {}, 1
    shelf.install(store, number)
    for what, *given_ in steps:
        match what:
            case "install":
                number += 1
                returns = [made(change) for change in given_[0]]
                shelf.install(store, number, *returns)
                model = {one.return_id: one for one in returns}
            case "apply":
                number += 1
                puts, removes = [made(change) for change in given_[0]], given_[1]
                removed = [f"R-{one}" for one in removes]
                shelf.apply(store, number, puts=puts, removes=removed)
                model = {key: one for key, one in model.items() if key not in removed}
                model |= {one.return_id: one for one in puts}
            case "merge":
                store.policy.merge()
            case _:
                store.close()
                store = shelf.open()
        same(store.policy.current(), number, list(model.values()))
    shelf.close()


def same(policy, number, returns) -> None:
    """All four ways of looking up, over every key there could be."""
    assert policy.number == number
    for key in range(6):
        short, order = codes.short_code(key), codes.parse_order(f"O{key}", "SW1A1AA")
        print_ = f"{key:064x}" if key else ""
        assert isinstance(order, OrderLookup)
        assert policy.find_return(f"R-{key}") == only(
            one for one in returns if one.return_id == f"R-{key}"
        )
        assert policy.find_short(short) == only(one for one in returns if typed(one) == short)
        assert policy.find_third_party(print_) == only(
            one for one in returns if print_ and one.third_party == print_
        )
        found = policy.find_orders(order.order_number, order.postal_code)
        assert list(found) == sorted(
            (one for one in returns if one.order_number == f"O{key}"),
            key=lambda one: one.return_id,
        )


def typed(authorisation) -> str:
    found = codes.parse_short(authorisation.short_code)
    return found.text if isinstance(found, ShortCode) else ""


def only(found):
    several = list(found)
    return several[0] if len(several) == 1 else None
