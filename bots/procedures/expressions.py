"""Small expressions for conditions: names, numbers, comparisons. Walked by hand; nothing is ever executed."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

LONGEST = 400  # characters
_DEEPEST = 12
_LARGEST = 10**12

FUNCTIONS = frozenset({"len", "has", "lower", "int", "min", "max", "days"})
Names = Mapping[str, Any]


class BadExpression(ValueError):
    """Why this is not an expression, or cannot be worked out."""


@dataclass(frozen=True, slots=True)
class Expression:
    """`names` are all that it looks at, dotted as they are written."""

    source: str
    names: frozenset[str]
    tree: ast.expr

    def of(self, names: Names) -> Any:
        """Its value; what is not known is None. Raises BadExpression where it cannot be worked out."""
        return _value(self.tree, names)

    def holds(self, names: Names) -> bool:
        return bool(self.of(names))


@lru_cache(maxsize=4096)
def expression(source: str) -> Expression:
    """Raises BadExpression with a sentence for whoever wrote it."""
    if not source.strip():
        raise BadExpression("an expression is missing")
    if len(source) > LONGEST:
        raise BadExpression(f"an expression has at most {LONGEST} characters")
    try:
        tree = ast.parse(_PLACE.sub(_bracketed, source.strip()), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadExpression(f"“{source.strip()}” is not an expression") from error
    found: set[str] = set()
    _check(tree, found, 0)
    return Expression(source.strip(), frozenset(found), tree)


_PLACE = re.compile(r"""'[^']*'|"[^"]*"|(?<=[A-Za-z_\]])\.(?P<place>\d+)\b""")


def _bracketed(found: re.Match[str]) -> str:
    """A place in a list, as Python writes it: lines.0 is lines[0]; texts stay as they are."""
    return f"[{found['place']}]" if found["place"] else found.group()


_COMPARED = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn)
_CONSTANTS = {
    "true": True,
    "false": False,
    "null": None,
    "True": True,
    "False": False,
    "None": None,
}


def _check(node: ast.expr, found: set[str], depth: int) -> None:
    if depth > _DEEPEST:
        raise BadExpression("an expression is nested too deeply")
    for part in _parts(node, found):
        _check(part, found, depth + 1)


def _parts(node: ast.expr, found: set[str]) -> list[ast.expr]:  # noqa: C901, PLR0911 -- a case a kind
    """What is inside; refuses what does not exist here, and notes the names."""
    match node:
        case ast.Constant(value=value) if value is None or isinstance(
            value, bool | int | float | str
        ):
            return []
        case ast.Name() | ast.Attribute() | ast.Subscript():
            name = _dotted(node)
            if name not in _CONSTANTS:
                found.add(name)
            return []
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.BoolOp(values=parts):
            return list(parts)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=inner):
            return [inner]
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
            return [left, right]
        case ast.Compare(left=left, ops=ops, comparators=others) if all(
            isinstance(op, _COMPARED) for op in ops
        ):
            return [left, *others]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            if name not in FUNCTIONS:
                known = ", ".join(sorted(FUNCTIONS))
                raise BadExpression(f"there is no {name}(…); there is {known}")
            if not arguments or (name not in {"min", "max"} and len(arguments) != 1):
                raise BadExpression(f"{name}(…) takes one value")
            if name == "has":  # that it may not be known is the point of it
                _dotted(arguments[0])
                return []
            return list(arguments)
    raise BadExpression("only names, values, comparisons and + - * / may stand in an expression")


def _dotted(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=inner, attr=name) if not name.startswith("_"):
            return f"{_dotted(inner)}.{name}"
        case ast.Subscript(value=inner, slice=ast.Constant(value=int() | str() as place)):
            return f"{_dotted(inner)}.{place}"
    raise BadExpression("a name is written like order.lines.0.name")


def look_up(path: str, names: Names) -> Any:
    """What stands at a dotted path of plain values; None where there is nothing."""
    found: Any = names
    for part in path.split("."):
        if isinstance(found, Mapping):
            found = found.get(part)
        elif isinstance(found, list | tuple) and part.isdigit():
            found = found[int(part)] if int(part) < len(found) else None
        else:
            return None
    return found


def _value(node: ast.expr, names: Names) -> Any:  # noqa: C901, PLR0911 -- a case a kind
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name() | ast.Attribute() | ast.Subscript():
            name = _dotted(node)
            return _CONSTANTS[name] if name in _CONSTANTS else look_up(name, names)
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return [_value(part, names) for part in parts]
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_value(part, names) for part in parts)
        case ast.BoolOp(values=parts):
            return any(_value(part, names) for part in parts)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return not _value(inner, names)
        case ast.UnaryOp(operand=inner):
            return _computed(ast.Sub(), 0, _value(inner, names))
        case ast.BinOp(left=left, op=op, right=right):
            return _computed(op, _value(left, names), _value(right, names))
        case ast.Compare(left=left, ops=ops, comparators=others):
            return _compared(_value(left, names), ops, [_value(one, names) for one in others])
        case ast.Call(func=ast.Name(id=name), args=arguments):
            if name == "has":
                return look_up(_dotted(arguments[0]), names) not in (None, "", [])
            return _called(name, [_value(one, names) for one in arguments], names)
    raise BadExpression("this cannot be worked out")


def _compared(left: Any, ops: list[ast.cmpop], others: list[Any]) -> bool:
    for op, right in zip(ops, others, strict=True):
        if not _holds(op, left, right):
            return False
        left = right
    return True


def _holds(op: ast.cmpop, left: Any, right: Any) -> bool:
    left, right = _alike(left, right)
    match op:
        case ast.Eq():
            return bool(left == right)
        case ast.NotEq():
            return bool(left != right)
        case ast.In():
            return _is_in(left, right)
        case ast.NotIn():
            return not _is_in(left, right)
    return _orders(op, left, right)


def _orders(op: ast.cmpop, left: Any, right: Any) -> bool:
    """Numbers and texts are smaller or greater; with anything else the answer is no."""
    numbers = _is_number(left) and _is_number(right)
    if not numbers and not (isinstance(left, str) and isinstance(right, str)):
        return False
    match op:
        case ast.Lt():
            return bool(left < right)
        case ast.LtE():
            return bool(left <= right)
        case ast.Gt():
            return bool(left > right)
    return bool(left >= right)


def _is_in(left: Any, right: Any) -> bool:
    if isinstance(right, str):
        return isinstance(left, str) and left in right
    return isinstance(right, list | tuple | dict) and left in right


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """A number that came as text is compared as the number it is."""
    if isinstance(left, str) and _is_number(right):
        return _number(left), right
    if _is_number(left) and isinstance(right, str):
        return left, _number(right)
    return left, right


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_COMPUTED: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b if b else None,
}


def _computed(op: ast.operator, left: Any, right: Any) -> Any:
    """None where there is nothing to compute with; dates move by days."""
    day = as_date(left)
    if day is not None and isinstance(right, int) and isinstance(op, ast.Add | ast.Sub):
        moved = min(max(right, -100_000), 100_000)
        return (day + timedelta(days=moved if isinstance(op, ast.Add) else -moved)).isoformat()
    if isinstance(left, str) and isinstance(right, str) and isinstance(op, ast.Add):
        return (left + right)[:10_000]
    left, right = (_number(v) if isinstance(v, str) else v for v in (left, right))
    if not _is_number(left) or not _is_number(right):
        return None
    if abs(left) > _LARGEST or abs(right) > _LARGEST:
        return None
    return _COMPUTED[type(op)](left, right)


def _called(name: str, given: list[Any], names: Names) -> Any:
    first = given[0]
    match name:
        case "len":
            return len(first) if isinstance(first, str | list | tuple | dict) else 0
        case "lower":
            return str(first).lower() if first is not None else None
        case "int":
            number = _number(first) if isinstance(first, str) else first
            return int(number) if _is_number(number) else None
        case "days":
            day, today = as_date(first), as_date(names.get("today"))
            return (day - today).days if day and today else None
    values = first if len(given) == 1 and isinstance(first, list) else given
    numbers = [one for one in values if _is_number(one)]
    if not numbers:
        return None
    return min(numbers) if name == "min" else max(numbers)


def as_date(value: Any) -> date | None:
    """A day that is written 2026-06-05, with or without a time behind it."""
    if not isinstance(value, str) or len(value) < 10 or value[4:5] != "-":
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None
