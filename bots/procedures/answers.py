"""What a business's answer means for an action. Pure."""

from __future__ import annotations

from typing import Any

from bots.procedures.expressions import look_up
from bots.procedures.shapes import Action
from bots.procedures.state import Outcome

_LARGEST_LIST, _LONGEST_TEXT, _DEEPEST = 100, 2_000, 8
RETRIED = frozenset({429, 500, 502, 503, 504})


def outcome_of(action: Action, status: int, body: Any) -> Outcome:
    """`status` 0: nothing came back. `body` is the JSON that did, None where it was none."""
    if status in action.outcomes:
        return Outcome(action.outcomes[status], _saved(action, body) or {})
    if 200 <= status < 300:
        saved = _saved(action, body)
        if saved is not None:
            return Outcome("ok", saved)
        return Outcome("unknown" if action.irreversible else "failed")
    lost = status == 0 or status in RETRIED or status >= 500
    return Outcome("unknown" if lost and action.irreversible else "failed")


def _saved(action: Action, body: Any) -> dict[str, Any] | None:
    """What is kept of the answer; None where something that is needed is missing."""
    found: dict[str, Any] = {}
    for name, path in action.save.items():
        needed = not path.endswith("?")
        plain = path.rstrip("?")
        value = body if plain == "." else look_up(f"it.{plain}", {"it": body})
        if value is None and needed:
            return None
        found[name] = cut(value)
    return found


def cut(value: Any, depth: int = 0) -> Any:
    """A value of a size that is worth keeping."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        return {str(k)[:64]: cut(v, depth + 1) for k, v in list(value.items())[:_LARGEST_LIST]}
    if isinstance(value, list):
        return [cut(one, depth + 1) for one in value[:_LARGEST_LIST]]
    return value[:_LONGEST_TEXT].replace("\0", "") if isinstance(value, str) else value
