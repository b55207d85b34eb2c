"""Small tables inside the admin's pages, drawn by templates."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string

from agents.rules.forms import CRITERION_WORDS
from agents.rules.words import time_in_words

_KEPT_BY = {
    "": "yes",
    "no_room": "no, has no room",
    "too_many_open": "no, has too many open",
    "channel_full": "no, has enough of this channel",
    "inbox_full": "no, has enough of this inbox",
    "fair_share_used": "no, had their share of offers",
    "language": "no, does not speak the language",
    "skills": "no, has none of the skills",
    "declined": "no, has just said no",
    "hint": "no, a program chose somebody else",
    "manager": "no, the customer has their own contact",
    "sticky": "no, the customer goes back to somebody",
}
_BELONGS = {
    "hint": "whom a program chose",
    "manager": "their own contact",
    "sticky": "who served them last",
}


def rules_table(lines: Sequence[dict[str, Any]]) -> str:
    """The rules in force somewhere, the ones that somebody set first."""
    ordered = sorted(lines, key=lambda line: line["from"]["scope"] == "default")
    rows = [{**line, "origin": line["from"]} for line in ordered]
    return render_to_string("admin/agents/rules_in_force.html", {"rows": rows})


def why_table(why: Mapping[str, Any]) -> str:
    """A routing decision: who was chosen out of whom, and what kept the others."""
    told = {
        **why,
        "rule": [CRITERION_WORDS.get(name, name) for name in why.get("rule", ())],
        "waited": lasted(why.get("waited_seconds", 0)),
        "preferred": _BELONGS.get(str(why.get("preferred", "")), ""),
        "candidates": [
            {
                **line,
                "idle": lasted(line.get("idle_seconds", 0)),
                "answer": kept_by(str(line.get("blocked", ""))),
            }
            for line in why.get("candidates", ())
        ],
    }
    return render_to_string("admin/agents/why.html", {"why": told})


def kept_by(reason: str) -> str:
    """Why somebody could not be asked, in words; `skill returns 3` names what is missing."""
    if reason.startswith("skill "):
        return f"no, lacks {reason.removeprefix('skill ')}"
    return _KEPT_BY.get(reason, reason)


def lasted(seconds: float) -> str:
    """Seconds for a while, then whole minutes, then hours and minutes."""
    if seconds < 120:
        return time_in_words(round(seconds))
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"
