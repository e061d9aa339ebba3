"""The words of schema.org that speak of returns (schema.org/MerchantReturnPolicy), as tables.

A property or a value that is not here is told of, never guessed at.
"""

from __future__ import annotations

import re

POLICY = "MerchantReturnPolicy"
OVERRIDE = "MerchantReturnPolicySeasonalOverride"
HAS_POLICY = "hasMerchantReturnPolicy"
SUPERSEDED = {
    "ProductReturnPolicy": POLICY,
    "hasProductReturnPolicy": HAS_POLICY,
    "productReturnDays": "merchantReturnDays",
    "productReturnLink": "merchantReturnLink",
    "ProductReturnFiniteReturnWindow": "MerchantReturnFiniteReturnWindow",
    "ProductReturnUnlimitedWindow": "MerchantReturnUnlimitedWindow",
    "ProductReturnNotPermitted": "MerchantReturnNotPermitted",
    "ProductReturnUnspecified": "MerchantReturnUnspecified",
}
"""Words of older versions, by what took their place."""

PROPERTIES = frozenset(
    {
        "additionalProperty",
        "applicableCountry",
        "customerRemorseReturnFees",
        "customerRemorseReturnLabelSource",
        "customerRemorseReturnShippingFeesAmount",
        "inStoreReturnsOffered",
        "itemCondition",
        "itemDefectReturnFees",
        "itemDefectReturnLabelSource",
        "itemDefectReturnShippingFeesAmount",
        "merchantReturnDays",
        "merchantReturnLink",
        "refundType",
        "restockingFee",
        "returnFees",
        "returnLabelSource",
        "returnMethod",
        "returnPolicyCategory",
        "returnPolicyCountry",
        "returnPolicySeasonalOverride",
        "returnShippingFeesAmount",
        "validForMemberTier",
    }
)
OVERRIDING = frozenset(
    {
        "startDate",
        "endDate",
        "merchantReturnDays",
        "refundType",
        "restockingFee",
        "returnFees",
        "returnMethod",
        "returnPolicyCategory",
        "returnShippingFeesAmount",
    }
)
OF_ANY_THING = frozenset(
    {
        "additionalType",
        "alternateName",
        "description",
        "disambiguatingDescription",
        "identifier",
        "image",
        "mainEntityOfPage",
        "name",
        "owner",
        "potentialAction",
        "sameAs",
        "subjectOf",
        "url",
    }
)
"""What every Thing may carry: text for people, no rule."""

PRODUCTS = frozenset(
    {
        "Product",
        "IndividualProduct",
        "ProductCollection",
        "ProductGroup",
        "ProductModel",
        "SomeProducts",
        "DietarySupplement",
        "Vehicle",
        "BusOrCoach",
        "Car",
        "Motorcycle",
        "MotorizedBicycle",
    }
)
OFFERS = frozenset({"Offer", "AggregateOffer", "OfferForLease", "OfferForPurchase"})

CATEGORIES = {
    "MerchantReturnFiniteReturnWindow": "finite",
    "MerchantReturnUnlimitedWindow": "unlimited",
    "MerchantReturnNotPermitted": "never",
    "MerchantReturnUnspecified": "unspecified",
}
METHODS = {
    "ReturnAtKiosk": "kiosk",
    "ReturnByMail": "post",
    "ReturnInStore": "store",
    "KeepProduct": "keep",
}
REFUNDS = {
    "FullRefund": "original",
    "StoreCreditRefund": "store_credit",
    "ExchangeRefund": "exchange",
}
FEES = {
    "FreeReturn": "free",
    "OriginalShippingFees": "outbound",
    "RestockingFees": "restock",
    "ReturnFeesCustomerResponsibility": "customer",
    "ReturnShippingFees": "shipping",
}
LABELS = {
    "ReturnLabelCustomerResponsibility": "customer",
    "ReturnLabelDownloadAndPrint": "download",
    "ReturnLabelInBox": "in_box",
}
CONDITIONS = {
    "DamagedCondition": "damaged",
    "NewCondition": "new",
    "RefurbishedCondition": "refurbished",
    "UsedCondition": "used",
}

SCHEMA = "https://schema.org/"
_IRI = re.compile(r"https?://(?:www\.)?schema\.org/([A-Za-z0-9]+)\Z")
_CONTEXT = re.compile(
    r"https?://(?:www\.)?schema\.org(?:/|/docs/jsonldcontext\.json(?:ld)?)?\Z", re.IGNORECASE
)


def local(iri: str) -> str:
    """The schema.org word that an IRI names, in its present form; "" for any other IRI."""
    found = _IRI.match(iri)
    return SUPERSEDED.get(found[1], found[1]) if found else ""


def is_context(text: str) -> bool:
    """Whether a context's address is schema.org's own, whose words are known without reading it."""
    return _CONTEXT.match(text) is not None
