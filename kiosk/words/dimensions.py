"""What a policy's conditions look at, by name, for whoever asks why."""

from __future__ import annotations

from kiosk.words.voice import Voice


def name(w: Voice, dimension: str) -> str:
    """A heading, as "Category"; a dimension without one reads as it is spelled."""
    found = _goods(w, dimension) or _order(w, dimension) or _place(w, dimension)
    return found or dimension.replace("_", " ").capitalize()


def _goods(w: Voice, dimension: str) -> str:
    named = {
        "category": w.t("Category"),
        "type": w.t("Product type"),
        "vendor": w.t("Brand"),
        "tag": w.t("Tags"),
        "sku": w.t("Article number"),
        "hazard": w.t("Hazard"),
        "reason": w.t("Reason for the return"),
        "discount": w.t("Reduced by"),
        "weight": w.t("Weight"),
        "longest": w.t("Longest side"),
        "measured": w.t("Measured weight"),
        "value": w.t("Price of one"),
        "line_value": w.t("Price of these items"),
        "final_sale": w.t("Final sale"),
        "hygiene": w.t("Hygiene goods"),
        "age_restricted": w.t("For grown-ups only"),
    }
    return named.get(dimension, "")


def _order(w: Voice, dimension: str) -> str:
    named = {
        "country": w.t("Country of the delivery"),
        "zone": w.t("Region"),
        "channel": w.t("Bought in"),
        "customer": w.t("Customer"),
        "segment": w.t("Customer group"),
        "resolution": w.t("Way of the refund"),
        "part": w.t("All or a part of the order"),
        "units": w.t("Items of this kind"),
        "return_units": w.t("Items brought"),
        "return_lines": w.t("Kinds of items brought"),
        "order_units": w.t("Items of the order"),
        "past_returns": w.t("Earlier returns"),
        "return_value": w.t("Price of all items brought"),
        "order_value": w.t("Price of the order"),
        "ordered": w.t("Day of the order"),
        "fulfilled": w.t("Day it was sent"),
        "delivered": w.t("Day of the delivery"),
        "answer": w.t("Answer"),
    }
    return named.get(dimension, "")


def _place(w: Voice, dimension: str) -> str:
    named = {
        "method": w.t("Way of the return"),
        "site": w.t("Site"),
        "site_country": w.t("Country of this kiosk"),
        "weekday": w.t("Day of the week"),
        "hour": w.t("Hour"),
        "today": w.t("Today"),
        "policy_age": w.t("Age of the rules"),
        "bin_space": w.t("Room in the bin"),
        "offline": w.t("Without the centre"),
        "staffed": w.t("Staff at this site"),
        "unknown": w.t("Not known"),
    }
    return named.get(dimension, "")
