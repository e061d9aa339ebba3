"""What the published JSON Schema says of a merchant's look: kiosk.domain.look.reading's limits."""

from __future__ import annotations

from kiosk.domain.look import reading
from kiosk.domain.look.colours import BRAND, COLOUR

Schema = dict[str, object]


def looks() -> Schema:
    """Properties of a merchant's table."""
    return {
        "receipt": _closed(
            {
                "header": _lines(*reading.HEADER),
                "support": _lines(*reading.SUPPORT),
                "footer": _lines(*reading.FOOTER),
            }
        ),
        "theme": {"anyOf": [{"type": "string", "maxLength": 200}, _theme()]},
        "questions": {
            "type": "object",
            "maxProperties": reading.MAX_QUESTIONS,
            "propertyNames": {"not": {"enum": list(reading.RESERVED)}},
            "additionalProperties": _question(),
        },
    }


def _closed(properties: Schema, *required: str) -> Schema:
    made: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**made, "required": list(required)} if required else made


def _lines(most: int, longest: int) -> Schema:
    """By language. A text alone is a list of one."""
    line: Schema = {"type": "string", "minLength": 1, "maxLength": longest}
    several: Schema = {"type": "array", "items": line, "minItems": 1, "maxItems": most}
    return {
        "type": "object",
        "maxProperties": reading.MAX_LANGUAGES,
        "propertyNames": {"pattern": f"^{reading.LANGUAGE.pattern}$"},
        "additionalProperties": {"anyOf": [line, {**several, "uniqueItems": True}]},
    }


def _theme() -> Schema:
    colour = {"type": "string", "pattern": f"^{COLOUR.pattern}$"}
    colours = _closed(dict.fromkeys(BRAND, colour))
    size = {"type": "integer", "minimum": 1, "maximum": reading.MAX_BOX}
    path = {"type": "string", "pattern": f"^{reading.PATH.pattern}$", "maxLength": reading.MAX_PATH}
    paths = {"type": "array", "items": path, "minItems": 1, "maxItems": reading.MAX_PATHS}
    logo = _closed({"width": size, "height": size, "paths": paths}, "width", "height", "paths")
    scheme = {"enum": ["light", "dark"]}
    return _closed({"scheme": scheme, "light": colours, "dark": colours, "logo": logo})


def _question() -> Schema:
    answers: Schema = {
        "type": "object",
        "maxProperties": reading.MAX_ANSWERS,
        "additionalProperties": _lines(*reading.ANSWER),
    }
    return _closed({"ask": _lines(*reading.ASK), "answers": answers}, "ask")
