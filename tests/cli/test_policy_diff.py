"""`takeback policy diff`: what two files say differently, in sentences."""

from __future__ import annotations

OLD = """
[[rules]]
rule = "window"
id = "month"
days = "30 days"

[[rules]]
rule = "fee"
id = "post"
per = "line"
amount = "4.95 EUR"
when = { category = ["shoes", "hats"], value = { min = "10 EUR" } }

[[rules]]
rule = "final_sale"
id = "clearance"
tags = ["clearance"]
"""
NEW = """
[where.some]
category = ["shoes", "coats"]
value = { min = "20 EUR" }

[[rules]]
rule = "discount"
id = "half-price"
above = "50 %"
when = { offline = true, any = [{ weight = { max = "2 kg" } }, { country = "DE" }] }

[[rules]]
rule = "fee"
id = "post"
per = "line"
amount = "5.95 EUR"
priority = 3
when = "some"

[[rules]]
rule = "window"
id = "month"
from = "delivery"
days = 30
undelivered = "staff"
"""


def write(tmp_path, name, text):
    file = tmp_path / name
    file.write_text(text)
    return file


def test_added_removed_changed_by_parameter(takeback, tmp_path):
    old, new = write(tmp_path, "old.toml", OLD), write(tmp_path, "new.toml", NEW)
    answer = takeback("policy", "diff", old, new).says(1)
    assert answer.out == (
        "clearance: removed\n"
        "  rule: final_sale\n"
        "  tags: clearance\n"
        "half-price: added\n"
        "  rule: discount\n"
        "  above: 50 %\n"
        "  when.offline: yes\n"
        "  when.any[1].weight.max: 2000 g\n"
        "  when.any[2].country: DE\n"
        "post: changed\n"
        "  amount: 4.95 EUR -> 5.95 EUR\n"
        "  when.category: also coats, no longer hats\n"
        "  when.value.min: 10.00 EUR -> 20.00 EUR\n"
        "  priority: now 3\n"
        "3 rules differ\n"
    )


def test_order_and_spelling_do_not_matter(takeback, tmp_path):
    parts = OLD.split("\n\n")
    old = write(tmp_path, "old.toml", OLD)
    new = write(tmp_path, "new.toml", "\n\n".join(reversed(parts)).replace('"30 days"', "30"))
    takeback("policy", "diff", old, new).says(0, "0 rules differ")
    takeback("policy", "diff", old, old).says(0)


def test_by_merchant_and_for_machines(takeback, tmp_path):
    shop = '[[merchant]]\nid = "{}"\n[[merchant.rules]]\nrule = "{}"\nid = "all"\n'
    old = write(tmp_path, "old.toml", shop.format("a", "allow") + shop.format("b", "allow"))
    new = write(tmp_path, "new.toml", shop.format("a", "staff") + shop.format("c", "allow"))
    takeback("policy", "diff", old, new).says(
        1, "a: all: changed\n  rule: allow -> staff", "b: all: removed", "c: all: added"
    )
    told = takeback("policy", "diff", old, new, "--json").says(1).json["differences"]
    assert [one["difference"]["change"] for one in told] == ["changed", "removed", "added"]


def test_files_that_cannot_be_used(takeback, tmp_path):
    old, bad = write(tmp_path, "old.toml", OLD), write(tmp_path, "bad.toml", "[[rules]]\nid = 3")
    takeback("policy", "diff", old, bad).says(2, "bad.toml", "run: takeback policy check")
    takeback("policy", "diff", tmp_path / "none", old).says(2, "No such file")
