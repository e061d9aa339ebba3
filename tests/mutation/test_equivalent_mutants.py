"""The list of mutants that no test can kill speaks of the code as it stands."""

from __future__ import annotations

import tomllib
from pathlib import Path

HERE = Path(__file__).parent
LISTED = tomllib.loads((HERE / "equivalent.toml").read_text("utf-8"))["mutant"]


def test_each_stands_on_a_line_that_is_there_and_has_its_reason() -> None:
    for mutant in LISTED:
        path = HERE.parents[1] / Path(*mutant["module"].split("."))
        file = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
        lines = {" ".join(line.split()) for line in file.read_text("utf-8").splitlines()}
        assert mutant["before"] in lines, mutant
        assert mutant["after"] not in lines, mutant
        assert len(mutant["why"]) > 20, mutant


def test_each_is_listed_once() -> None:
    names = [(mutant["module"], mutant["before"], mutant["after"]) for mutant in LISTED]
    assert len(set(names)) == len(names)
