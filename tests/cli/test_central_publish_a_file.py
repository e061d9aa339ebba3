"""`takeback central policy publish --from`, `rollback`, `list`: a file to the kiosk, and back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from sync.central.database import Database
from sync.central.policy import contents, versions
from sync.central.tables import bundles, merchants

SHOP = """
[[merchant]]
id = "oak"
name = "Oak & Ash"
support = "help@oak.example"
timezone = "Europe/Berlin"
instead = ["post"]

[merchant.receipt.header]
en = ["Since 1962"]
de = ["Seit 1962"]

[merchant.theme.light]
accent = "#4B2A86"

[merchant.questions.strap]
ask = { en = "Is the strap here?", de = "Ist der Gurt dabei?" }
answers.whole = { en = "Yes", de = "Ja" }

[[merchant.rules]]
rule = "window"
id = "thirty-days"
days = "30 days"

[[merchant.rules]]
rule = "condition"
id = "strap"
question = "strap"
accept = ["whole"]
refuse = ["torn"]
"""


@pytest.fixture
def key(shop):
    [file] = shop.folder.rglob("bundle.key")
    return f"demo:demo-bundle-1:{file}"


@pytest.fixture
def central(takeback, shop):
    return lambda *told: takeback("central", "policy", *told, "--database", shop.database)


@pytest.fixture
def written(tmp_path):
    def put(text, name="shop.toml"):
        (tmp_path / name).write_text(text, "utf-8")
        return str(tmp_path / name)

    return put


@pytest.fixture
def at_the_centre(shop):
    """(merchants by id, numbers of the bundles) as they stand in the database."""

    def look():
        database = Database(shop.database)
        with database.reading() as c:
            shops = {one.merchant.merchant_id: one for one in contents.shops(c, "demo")}
            numbers = sorted(c.execute(sa.select(bundles.c.number)).scalars())
        database.close()
        return shops, numbers

    return look


def test_a_file_goes_in_is_published_and_listed(central, key, written, at_the_centre, shop):
    before = shop.world.policy_number
    said = central("publish", "--from", written(SHOP), "--key", key, "--strict")
    said.says(0, f"bundle {before + 1} is published", "new: oak")
    shops, numbers = at_the_centre()
    assert numbers[-1] == before + 1
    assert shops["oak"].merchant.name == "Oak & Ash"
    assert [spec["id"] for spec in shops["oak"].specs] == ["thirty-days", "strap"]
    assert shops["oak"].specs[0]["days"] == 30
    assert shops["oak"].look["receipt"]["header"]["de"] == ["Seit 1962"]
    assert "linden" in shops  # a merchant that the file does not name stays
    changed = SHOP.replace("30 days", "14 days").replace("1962", "1961")
    changed += '[[merchant.rules]]\nrule = "final_sale"\nid = "sale"\n'
    central("publish", "--from", written(changed), "--key", key).says(
        0, "look: oak", "oak: +sale ~thirty-days"
    )
    listed = central("list", "--tenant", "demo", "--json").says(0).json["bundles"]
    assert listed[0]["changes"]["rules"] == {"oak": {"added": ["sale"], "changed": ["thirty-days"]}}
    assert listed[1]["changes"]["added"] == ["oak"]
    central("list", "--tenant", "demo", "--most", "1").says(0, "oak: +sale ~thirty-days")


def test_a_file_with_mistakes_is_refused_with_the_lines_that_check_tells(
    central, takeback, key, written, at_the_centre
):
    before = at_the_centre()
    bad = SHOP.replace('"30 days"', '"30 weks"').replace("#4B2A86", "#FFFF00")
    bad = bad.replace('en = ["Since 1962"]', 'en = ["Since\\u00071962"]')
    file = written(bad)
    checked = takeback("policy", "check", file)
    refused = central("publish", "--from", file, "--key", key)
    refused.says(1, "nothing was published", "30 weks")
    lines = [line for line in checked.out.splitlines() if line.startswith(file)]
    assert len(lines) >= 3
    for line in lines:
        refused.says(1, line)
    refused.says(1, ":10:", "U+0007", ":14:", "has a contrast of 1.1")
    assert at_the_centre() == before


UNTOLD = [
    ('name = "Oak & Ash"\n', "", 'oak: name: is missing; as name = "Linden & Row"'),
    ('timezone = "Europe/Berlin"\n', "", "oak: timezone: is missing"),
    ("Europe/Berlin", "Europe/Atlantis", "there is no time zone 'Europe/Atlantis'"),
    ('instead = ["post"]', 'instead = ["pots"]', "did you mean 'post'?"),
    ('name = "Oak & Ash"', "name = 5", "name: must be a text"),
]


def test_a_merchant_is_told_wholly(central, key, written):
    for old, new, said in UNTOLD:
        file = written(SHOP.replace(old, new))
        central("publish", "--from", file, "--key", key).says(1, said, "nothing was published")


def test_rules_alone_are_a_known_merchants(central, key, written, at_the_centre):
    rules = written('[[rules]]\nrule = "allow"\nid = "all"\n')
    shops, _ = at_the_centre()
    central("publish", "--from", rules, "--key", key).says(2, "say so with --merchant")
    central("publish", "--from", rules, "--key", key, "--merchant", "oak").says(
        2, "demo has no merchant 'oak'", "there are: "
    )
    central("publish", "--from", rules, "--key", key, "--merchant", "linden").says(0, "+all")
    after, _ = at_the_centre()
    assert [spec["id"] for spec in after["linden"].specs] == ["all"]
    assert after["linden"].merchant == shops["linden"].merchant
    file = written(SHOP)
    central("publish", "--from", file, "--key", key, "--merchant", "oak").says(
        2, "leave --merchant"
    )
    central("publish", "--merchant", "oak", "--key", key).says(2, "name the file with --from")


def test_warnings_are_told_and_stop_only_a_strict_one(central, key, written):
    file = written(SHOP.replace("[merchant.questions.strap]", "[merchant.questions.belt]"))
    central("publish", "--from", file, "--key", key, "--strict").says(1, "no words for", "nothing")
    central("publish", "--from", file, "--key", key).says(0, "published")


def test_a_file_that_cannot_be_read_and_one_that_is_not_there(central, key, written):
    central("publish", "--from", written("[[merchant"), "--key", key).says(2, "is no TOML")
    central("publish", "--from", "nowhere.toml", "--key", key).says(2, "No such file")


def test_a_key_that_is_unfit_leaves_the_merchants_as_they_were(
    central, written, tmp_path, at_the_centre
):
    before = at_the_centre()
    (tmp_path / "next.key").write_text("07" * 32)
    other = f"demo:next:{tmp_path / 'next.key'}"
    central("publish", "--from", written(SHOP), "--key", other).says(1, "no kiosk knows the key")
    assert at_the_centre() == before


def test_forms_of_other_networks_come_with_the_file_and_collide_with_nobody(
    central, key, written, at_the_centre
):
    form = '[[third_party]]\nname = "{}"\npattern = "{}-[0-9A-Z]{{16}}"\n'
    good = written(SHOP + form.format("eastbox", "EBX"))
    central("publish", "--from", good, "--key", key).says(0, "forms: eastbox")
    _, numbers = at_the_centre()
    clash = written(form.format("newbox", "EBX"))
    central("publish", "--from", clash, "--key", key).says(1, "one text may be of both")
    assert at_the_centre()[1] == numbers


def test_roll_back_brings_the_rules_of_a_bundle_back_under_a_new_number(
    central, key, written, at_the_centre, shop
):
    first = shop.world.policy_number
    before, _ = at_the_centre()
    central("publish", "--from", written(SHOP), "--key", key).says(0)
    central("revoke-code", "stolen-1", "--tenant", "demo").says(0)
    rolled = central("rollback", str(first), "--key", key)
    rolled.says(0, f"bundle {first + 2}", f"brings back the rules of bundle {first}", "gone: oak")
    rolled.says(0, "+1 revoked codes")
    after, numbers = at_the_centre()
    assert after == before
    assert numbers == [*range(1, first + 3)]
    again = central("rollback", str(first + 1), "--key", key, "--json").says(0).json
    assert again["number"] == first + 3
    assert again["changes"]["added"] == ["oak"]
    central("rollback", "99", "--key", key).says(1, "no bundle 99", "central policy list")


def test_a_bundle_of_before_rules_were_kept_cannot_be_brought_back(central, key, shop):
    database = Database(shop.database)
    database.write(lambda c: c.execute(bundles.update().values(policy="")))
    database.close()
    first = str(shop.world.policy_number)
    central("rollback", first, "--key", key).says(1, "whose rules were kept")
    told = central("publish", "--key", key, "--json").says(0).json
    assert "added" not in told["changes"]


def test_a_renewal_changes_nothing_and_keeps_nothing_twice(central, key, shop):
    central("publish", "--key", key).says(0)
    listed = central("list", "--tenant", "demo", "--json").json["bundles"]
    assert listed[0]["policy"] == listed[1]["policy"]
    assert set(listed[0]["changes"]) <= {"keys", "revoked", "against"}
    database = Database(shop.database)
    with database.reading() as c:
        assert versions.load(c, "demo", listed[0]["number"]) is not None
        assert c.execute(sa.select(sa.func.count()).select_from(merchants)).scalar_one() == 3
    database.close()
