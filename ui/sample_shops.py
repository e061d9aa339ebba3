"""Shops of the sample sessions: in the house's look, in one of their own, with own lines."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kiosk.domain.look.model import Asked, Lines, Logo, Look, Receipt, Theme
from kiosk.domain.returns import Merchant

MERCHANT: Final = Merchant("m1", "Fjord & Finch", "help@fjordandfinch.example", "Europe/Oslo")
_LOOK: Final = Look(
    theme=Theme(
        light=(("accent", "#4B2A86"), ("inkOnSoft", "#3A1F6B"), ("soft", "#ECE5F6")),
        logo=Logo(
            240, 64, ("M0 60 L32 4 L64 60 Z M20 60 L32 40 L44 60 Z", "M84 24 H236 V44 H84 Z")
        ),
    ),
    questions=(
        Asked(
            "strap",
            Lines(
                (
                    ("ar", ("هل حزام الحقيبة موجود معك كاملًا وبدون أي تلف؟",)),
                    (
                        "de",
                        ("Ist der Schultergurt der Umhängetasche vollständig und unbeschädigt?",),
                    ),
                    ("en", ("Is the strap of the bag here, and whole?",)),
                )
            ),
            (
                (
                    "whole",
                    Lines(
                        (
                            ("ar", ("نعم، الحزام كامل",)),
                            ("de", ("Ja, vollständig und unbeschädigt",)),
                            ("en", ("Yes, it is whole",)),
                        )
                    ),
                ),
                (
                    "torn",
                    Lines(
                        (
                            ("ar", ("لا، إنه ممزق",)),
                            ("de", ("Nein, er ist gerissen",)),
                            ("en", ("No, it is torn",)),
                        )
                    ),
                ),
            ),
        ),
    ),
)
DRESSED: Final = replace(MERCHANT, look=_LOOK)
_SUPPORT: Final = (
    (
        "ar",
        (
            "خدمة العملاء: من الاثنين إلى الجمعة، من التاسعة صباحًا حتى السادسة مساءً",
            "+47 23 00 12 34",
            "help.fjordandfinch.example/returns",
            "مكتب الإرجاع، شارع الميناء 12، 0150 أوسلو، النرويج",
        ),
    ),
    (
        "de",
        (
            "Kundendienst für Rücksendungen: montags bis freitags von 9 bis 18 Uhr",
            "+47 23 00 12 34",
            "help.fjordandfinch.example/returns",
            "Fjord & Finch, Rücksendungen, Havnegata 12, 0150 Oslo, Norwegen",
        ),
    ),
    (
        "en",
        (
            "Returns desk, Monday to Friday, 9 am to 6 pm",
            "+47 23 00 12 34",
            "help.fjordandfinch.example/returns",
            "Fjord & Finch Returns, Havnegata 12, 0150 Oslo, Norway",
        ),
    ),
    (
        "es",
        (
            "Atención al cliente para devoluciones: de lunes a viernes, de 9 a 18 horas",
            "+47 23 00 12 34",
            "help.fjordandfinch.example/returns",
            "Fjord & Finch, devoluciones, Havnegata 12, 0150 Oslo, Noruega",
        ),
    ),
    (
        "fr",
        (
            "Service clients, retours : du lundi au vendredi de 9 h à 18 h",
            "+47 23 00 12 34",
            "help.fjordandfinch.example/returns",
            "Fjord & Finch, service des retours, Havnegata 12, 0150 Oslo, Norvège",
        ),
    ),
)
REACHED: Final = replace(DRESSED, look=replace(_LOOK, receipt=Receipt(support=Lines(_SUPPORT))))
THEMED: Final = replace(MERCHANT, name="Northwind Outdoor", theme="northwind")
# About as much as a merchant may say: four lines of eighty characters.
_CROWD: Final = (
    (
        "ar",
        (
            "خدمة عملاء الإرجاع من الاثنين إلى الجمعة من التاسعة صباحا حتى السادسة مساء",
            "هاتف مجاني من جميع أنحاء البلاد، ومن الخارج بالأجرة المعتادة: +47 23 00 12 34 56",
            "help.fjordandfinch.example/returns/customers/online-shop/international/questions",
            "مكتب الإرجاع في الطابق الأرضي بجانب المدخل الشمالي، شارع الميناء 12، 0150 أوسلو",
        ),
    ),
    (
        "en",
        (
            "Returns desk, Monday to Friday from nine in the morning to six in the evening",
            "Free of charge within the country, at the usual price abroad: +47 23 00 12 34 56",
            "help.fjordandfinch.example/returns/customers/online-shop/international/questions",
            "Fjord & Finch Returns, ground floor beside the northern gate, Havnegata 12, Oslo",
        ),
    ),
)
CROWDED: Final = replace(DRESSED, look=replace(_LOOK, receipt=Receipt(support=Lines(_CROWD))))
