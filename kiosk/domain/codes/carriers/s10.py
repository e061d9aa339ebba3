"""UPU S10: the thirteen characters that every post uses between countries and many at home.

Two letters of service, eight digits, a check digit, the country (ISO 3166). The post is named
where this table knows it; elsewhere the number is only said to be of that form. Source: UPU
standard S10, "Identification of postal items - 13-character identifier".
"""

from __future__ import annotations

from kiosk.domain.codes.carriers import checks
from kiosk.domain.codes.carriers.engine import Row, Wrong

POSTS = {
    "AR": "Correo Argentino",
    "AT": "Österreichische Post",
    "AU": "Australia Post",
    "BE": "bpost",
    "BR": "Correios",
    "CA": "Canada Post",
    "CH": "Swiss Post",
    "CL": "CorreosChile",
    "CN": "China Post",
    "CY": "Cyprus Post",
    "CZ": "Česká pošta",
    "DE": "DHL",
    "DK": "PostNord",
    "EE": "Omniva",
    "ES": "Correos",
    "FI": "Posti",
    "FR": "La Poste",
    "GB": "Royal Mail",
    "GR": "ELTA",
    "HK": "Hongkong Post",
    "HR": "Hrvatska pošta",
    "HU": "Magyar Posta",
    "IE": "An Post",
    "IL": "Israel Post",
    "IN": "India Post",
    "IS": "Pósturinn",
    "IT": "Poste Italiane",
    "JP": "Japan Post",
    "KR": "Korea Post",
    "LT": "Lietuvos paštas",
    "LU": "POST Luxembourg",
    "LV": "Latvijas Pasts",
    "MT": "MaltaPost",
    "MX": "Correos de México",
    "MY": "Pos Malaysia",
    "NL": "PostNL",
    "NO": "Posten",
    "NZ": "NZ Post",
    "PL": "Poczta Polska",
    "PT": "CTT",
    "RO": "Poșta Română",
    "RS": "Pošta Srbije",
    "SE": "PostNord",
    "SG": "SingPost",
    "SI": "Pošta Slovenije",
    "SK": "Slovenská pošta",
    "TH": "Thailand Post",
    "TR": "PTT",
    "TW": "Chunghwa Post",
    "UA": "Ukrposhta",
    "US": "USPS",
    "ZA": "South African Post Office",
}
_OTHERS = (
    "AD AE AF AG AI AL AM AN AO AW AZ BA BB BD BF BG BH BI BJ BM BN BO BS BT BW BY BZ CD CF CG CI "
    "CK CM CO CR CU CV CW DJ DM DO DZ EC EG ER ET FJ FK FM FO GA GD GE GF GG GH GI GL GM GN GP GQ "
    "GT GU GW GY HN HT ID IM IQ IR JE JM JO KE KG KH KI KM KN KP KW KY KZ LA LB LC LI LK LR LS LY "
    "MA MC MD ME MG MH MK ML MM MN MO MP MQ MR MS MU MV MW MZ NA NC NE NF NG NI NP NR NU OM PA PE "
    "PF PG PH PK PM PN PR PS PW PY QA RE RU RW SA SB SC SD SH SL SM SN SO SR SS ST SV SX SY SZ TC "
    "TD TG TJ TL TM TN TO TT TV TZ UG UY UZ VA VC VE VG VI VN VU WF WS YE YT ZM ZW"
)
COUNTRIES = (*POSTS, *_OTHERS.split())

_SERVICES = {
    "C": "Parcel",
    "E": "EMS",
    "H": "E-commerce parcel",
    "L": "Tracked letter",
    "M": "M-bag",
    "Q": "International business reply",
    "R": "Registered",
    "U": "Letter post",
    "V": "Insured letter",
}
SERVICES = {first + second: name for first, name in _SERVICES.items() for second in checks.LETTERS}

ROWS: tuple[Row, ...] = (
    Row(
        "UPU S10",
        "UPU S10",
        (f"service:a2 serial:n8 check:n1 country={'|'.join(COUNTRIES)}",),
        rule=checks.S10,
        covers="{serial}",
        carriers=POSTS,
        services=SERVICES,
        wrong=Wrong.TELLS,
    ),
)
