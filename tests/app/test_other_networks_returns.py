"""A return named by another network's code: opaque, looked up by its fingerprint, never guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain import codes
from kiosk.domain.codes.third_party import ThirdPartyForm, fingerprint
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.visit import CommittedDrop, IdentifiedBy, OpenDrop, Rejected
from kiosk.ports import Scanned, Symbology

NORTH = ThirdPartyForm("northbox", "NBX-[0-9A-Z]{16}", ("]Q",))
PEPPER = "5a" * 32
SECRET = "NBX-0123456789ABCDEF"


def held(text: str = SECRET, aim: str = "]Q1") -> Scanned:
    return Scanned(text, text.encode(), Symbology.QR, aim, "camera", 0.0)


def print_of(text: str = SECRET) -> str:
    return fingerprint("northbox", text.encode(), bytes.fromhex(PEPPER))


@pytest.fixture
def network(ready):
    """R-1 may be named by SECRET; an authorisation that two returns share names neither."""
    from tests.app.conftest import authorisation

    ready.install(
        2,
        (
            authorisation(1, third_party=print_of()),
            authorisation(2, third_party=print_of("NBX-SHAREDSHAREDSHAR")),
            authorisation(3, third_party=print_of("NBX-SHAREDSHAREDSHAR")),
            authorisation(4),
        ),
        third_party=(NORTH,),
        code_pepper=PEPPER,
    )
    return ready


def check(kiosk, presented, visit="visit-1"):
    return kiosk.drop_off.check(visit, presented)


def test_it_opens_the_return_and_the_drop_carries_its_fingerprint_only(network, scan):
    drop = check(network, held())
    assert isinstance(drop, OpenDrop)
    assert (drop.authorisation.return_id, drop.identified_by) == ("R-1", IdentifiedBy.THIRD_PARTY)
    assert isinstance(network.drop_off.commit(drop, scan(codes.bag_code(7))), CommittedDrop)
    (fact,) = network.events("drop.committed")
    assert (fact["identified_by"], fact["code_id"]) == ("third_party", print_of())
    assert SECRET not in str(network.events())


def test_a_second_time_it_is_dropped_already(network, scan):
    network.drop_off.commit(check(network, held()), scan(codes.bag_code(7)))
    assert check(network, held(), "visit-2").reason.why is Why.RETURN_ALREADY_DROPPED


def test_one_that_no_return_carries_belongs_to_another_service(network):
    answer = check(network, held("NBX-UNKNOWNUNKNOWN00"))
    assert answer == Rejected(Reason(Why.RETURN_NOT_HERE, {"network": "northbox"}))
    (fact,) = network.events("code.rejected")
    assert (fact["kind"], len(fact["digest"])) == ("third_party", 16)
    assert "UNKNOWNUNKNOWN" not in str(fact)


def test_two_returns_that_share_one_are_not_chosen_between(network):
    assert check(network, held("NBX-SHAREDSHAREDSHAR")).reason.why is Why.RETURN_NOT_HERE


def test_tried_out_it_stops_like_every_code_that_can_be_made_up(network):
    for number in range(10):
        check(network, held(f"NBX-{number:016d}"))
    assert check(network, held()).reason.why is Why.TOO_MANY_TRIES


def test_the_same_unknown_one_held_up_again_and_again_is_one_try(network):
    for _ in range(30):
        check(network, held("NBX-UNKNOWNUNKNOWN00"))
    assert isinstance(check(network, held()), OpenDrop)
    assert len(network.events("code.rejected")) == 1


def test_in_another_symbol_or_another_case_it_is_none(network):
    assert check(network, held(aim="]C0")).reason.why is not Why.RETURN_NOT_HERE
    assert check(network, held(SECRET.lower())).reason.why is Why.CODE_FOREIGN
    assert isinstance(check(network, held(aim="")), OpenDrop)  # a scanner that names none


def test_one_that_was_called_back(network):
    network.install(3, (), third_party=(NORTH,), code_pepper=PEPPER, revoked=(print_of(),))
    assert check(network, held()).reason.why is Why.RETURN_CANCELLED


def test_without_its_form_in_the_bundle_it_is_any_strangers(network):
    network.install(3, ())
    assert check(network, held()).reason.why is Why.CODE_FOREIGN


def test_under_another_pepper_nothing_is_found(network):
    from tests.app.conftest import authorisation

    given = replace(authorisation(1), third_party=print_of())
    network.install(3, (given,), third_party=(NORTH,), code_pepper="00" * 32)
    assert check(network, held()).reason.why is Why.RETURN_NOT_HERE


def test_where_a_bag_is_wanted_it_is_a_return_code(network):
    drop = check(network, codes.short_code(4))
    wrong = Reason(Why.CODE_NOT_A_BAG, {"held": "return"})
    assert network.drop_off.commit(drop, held()) == Rejected(wrong)


class TestTwoFormsThatClaimOneCode:
    """`takeback policy check` refuses such a set; a kiosk that got one takes neither for true."""

    LOOP = ThirdPartyForm("loop", "[0-9A-Z]{3}-[0-9A-Z]{16}")

    @pytest.fixture
    def both(self, ready):
        ready.install(2, (), third_party=(NORTH, self.LOOP), code_pepper=PEPPER)
        return ready

    def test_is_a_reason_of_its_own(self, both):
        forms = {"forms": "northbox, loop"}
        assert check(both, held()) == Rejected(Reason(Why.CODE_AMBIGUOUS, forms))

    def test_is_told_to_the_centre_once_and_without_the_code(self, both):
        for visit in ("visit-1", "visit-1", "visit-2"):
            check(both, held(), visit)
        (fact,) = both.events("code.rejected")
        assert (fact["reason"], fact["kind"]) == ("code_ambiguous", "third_party")
        assert fact["reason_values"] == {"forms": "northbox, loop"}
        assert fact["digest"] == ""
        assert SECRET not in str(both.events())

    def test_counts_as_no_guess(self, both):
        for number in range(30):
            check(both, held(f"NBX-{number:016}"))
        assert check(both, "03NQK8N1").reason.why is Why.RETURN_UNKNOWN

    def test_is_a_return_code_where_a_bag_is_wanted(self, both):
        from kiosk.app.answering import Place, Wanted, unreadable

        found = codes.parse(SECRET, SECRET.encode(), "]Q1", (NORTH, self.LOOP))
        place = Place(counter=False, public=b"", day=str)
        wanted = Reason(Why.CODE_NOT_A_BAG, {"held": "return"})
        assert unreadable(found, Wanted.BAG, place, SECRET) == wanted

    def test_a_symbol_that_only_one_of_them_comes_in_settles_it(self, both):
        assert check(both, held(aim="]d1")).reason.values == {"network": "loop"}
