"""Every small change to a module that cosmic-ray knows and that could pass for a slip.

Left out are operators whose mutants any test run kills, or none can: decorators removed,
identity in place of equality, order in place of identity. What only changes an annotation is no
mutant, as nothing evaluates those, nor what only changes a class's slots, nor whether `zip` is
strict: that guards against lists of two lengths, of which there are none.
"""

from __future__ import annotations

import ast
import difflib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ORDERS = ("Eq", "NotEq", "Lt", "LtE", "Gt", "GtE")
OPERATORS = (
    *(f"ReplaceComparisonOperator_{a}_{b}" for a in ORDERS for b in ORDERS if a != b),
    "ReplaceComparisonOperator_Is_IsNot",
    "ReplaceComparisonOperator_IsNot_Is",
    "ReplaceBinaryOperator_Add_Sub",
    "ReplaceBinaryOperator_Sub_Add",
    "ReplaceBinaryOperator_Mul_Add",
    "ReplaceBinaryOperator_Mul_FloorDiv",
    "ReplaceBinaryOperator_FloorDiv_Mul",
    "ReplaceBinaryOperator_Mod_FloorDiv",
    "ReplaceBinaryOperator_BitOr_BitAnd",
    "ReplaceBinaryOperator_BitAnd_BitOr",
    "ReplaceUnaryOperator_USub_UAdd",
    "ReplaceUnaryOperator_Delete_USub",
    "ReplaceUnaryOperator_Delete_Not",
    "AddNot",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "NumberReplacer",
    "ZeroIterationForLoop",
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """`before` and `after` are the changed lines, stripped; together with the module they name
    it. `line` is where they stand."""

    module: str
    line: int
    before: str
    after: str
    source: str


class _Bare(ast.NodeTransformer):
    """Without annotations, the slots of dataclasses and the strictness of zip."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant("")
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        for call in node.decorator_list:
            if isinstance(call, ast.Call):  # slots save memory and decide nothing
                call.keywords = [key for key in call.keywords if key.arg != "slots"]
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id == "zip":
            node.keywords = [key for key in node.keywords if key.arg != "strict"]
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)


def _bare(source: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        return ast.dump(_Bare().visit(ast.parse(source)))


def _changed(old: str, new: str) -> tuple[int, str, str]:
    before, after = old.splitlines(), new.splitlines()
    for tag, i, j, k, m in difflib.SequenceMatcher(None, before, after).get_opcodes():
        if tag != "equal":
            return (
                i + 1,
                " ".join("\n".join(before[i:j]).split()),
                " ".join("\n".join(after[k:m]).split()),
            )
    return 0, "", ""


def mutants(module: str, path: Path) -> Iterator[Mutant]:
    """All mutants of one module, each once."""
    import cosmic_ray.ast
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    source = path.read_text("utf-8")
    seen = {_bare(source)}
    nodes = list(cosmic_ray.ast.ast_nodes(cosmic_ray.ast.get_ast(source)))
    for name in OPERATORS:
        operator: Any = get_operator(f"core/{name}")()
        places = sum(1 for node in nodes for _ in operator.mutation_positions(node))
        for place in range(places):
            changed = mutate_code(source, operator, place)
            try:
                bare = _bare(changed)
            except SyntaxError:
                continue
            if bare not in seen:
                seen.add(bare)
                yield Mutant(module, *_changed(source, changed), changed)
