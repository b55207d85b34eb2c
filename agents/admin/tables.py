"""Small tables inside the admin's pages, drawn by templates."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string


def rules_table(lines: Sequence[dict[str, Any]]) -> str:
    """The rules in force somewhere, the ones that somebody set first."""
    ordered = sorted(lines, key=lambda line: line["from"]["scope"] == "default")
    rows = [{**line, "origin": line["from"]} for line in ordered]
    return render_to_string("admin/agents/rules_in_force.html", {"rows": rows})


def why_table(why: dict[str, Any]) -> str:
    """A routing decision: who was chosen out of whom, and what kept the others."""
    return render_to_string("admin/agents/why.html", {"why": why})
