"""`takeback policy import`: rules out of what a shop's own page says of returns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiosk.cli.common import AsJson, fail, put_json

if TYPE_CHECKING:
    from kiosk.domain.policy.schema_org import Imported, Kind

_HEADINGS = {
    "mapped": "read as it stands",
    "assumed": "taken for granted",
    "unused": "not needed by a kiosk",
    "person": "for a person to settle",
}


def import_policy(
    file: Annotated[
        Path, typer.Argument(help="A saved page (HTML) or a file of JSON-LD.", show_default=False)
    ],
    merchant: Annotated[
        str, typer.Option(help="Write the rules as this merchant's.", show_default=False)
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option(help="Write the rules here: .toml or .json.", show_default=False),
    ] = None,
    defect_reason: Annotated[
        list[str] | None,
        typer.Option(
            help="A reason code that means a defect; may be given again. "
            "Without any: faulty, defective, damaged.",
            show_default=False,
        ),
    ] = None,
    at_kiosk: Annotated[
        bool, typer.Option("--at-kiosk", help="Kiosks take returns though the page is silent.")
    ] = False,
    whole_shop: Annotated[
        bool, typer.Option("--whole-shop", help="One product's policy is that of all products.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Rules out of a shop's page: its schema.org MerchantReturnPolicy.

    Tells what was read, what was taken for granted, and what a person must settle (exit code 1).
    Fetches nothing.
    """
    from kiosk.domain.policy.schema_org import DEFECTS, Options, Unreadable, read

    try:
        data = file.read_bytes()
    except OSError as error:
        fail(f"{file}: {error.strerror}", code=2)
    options = Options(tuple(dict.fromkeys(defect_reason or DEFECTS)), at_kiosk, whole_shop)
    found = read(data, options)
    if isinstance(found, Unreadable):
        fail(f"{file}: {found.why}", code=2)
    if out is not None:
        _write(out, found, merchant)
    if as_json:
        put_json(
            {
                "policies": found.policies,
                "rules": found.rules,
                "notes": found.notes,
                "needs_a_person": found.needs_a_person,
            }
        )
    else:
        _tell(found, merchant, out)
    if found.needs_a_person:
        raise typer.Exit(1)


def _tell(found: Imported, merchant: str, out: Path | None) -> None:
    from kiosk.domain.policy.schema_org import Kind

    if out is None:
        typer.echo(_toml(found, merchant))
    for kind in Kind:
        _section(found, kind)
    where = f" in {out}" if out is not None else ""
    settle = sum(note.kind is Kind.PERSON for note in found.notes)
    typer.echo(f"{len(found.rules)} rules{where}; {settle} for a person to settle")


def _section(found: Imported, kind: Kind) -> None:
    notes = [note for note in found.notes if note.kind is kind]
    if not notes:
        return
    typer.echo(f"# {_HEADINGS[kind.value]}")
    for note in notes:
        term = f"{note.term}: " if note.term else ""
        typer.echo(f"{note.where}: {term}{_printable(note.text)}")
    typer.echo("")


def _printable(text: str) -> str:
    """A page's own words must not move a terminal's cursor."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _write(out: Path, found: Imported, merchant: str) -> None:
    if out.suffix not in (".toml", ".json"):
        fail(f"{out}: write to a file that ends in .toml or .json", code=2)
    if out.suffix == ".toml":
        out.write_text(_toml(found, merchant), "utf-8")
        return
    rules = list(found.rules)
    whole = {"merchant": [{"id": merchant, "rules": rules}]} if merchant else {"rules": rules}
    out.write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _toml(found: Imported, merchant: str) -> str:
    head = f"[[merchant]]\nid = {_value(merchant)}\n\n" if merchant else ""
    table = "[[merchant.rules]]" if merchant else "[[rules]]"
    rules = (
        "\n".join([table, *(f"{_key(key)} = {_value(rule[key])}" for key in rule)])
        for rule in found.rules
    )
    return head + "\n\n".join(rules) + "\n"


def _value(value: Any) -> str:
    """In one line. JSON's escapes in texts are TOML's too."""
    match value:
        case Mapping():
            pairs = (f"{_key(key)} = {_value(inner)}" for key, inner in value.items())
            return "{ " + ", ".join(pairs) + " }"
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case _:
            return json.dumps(value, ensure_ascii=True)


def _key(key: str) -> str:
    plain = key.replace("_", "").replace("-", "")
    return key if plain.isascii() and plain.isalnum() else json.dumps(key)
