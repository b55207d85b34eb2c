"""Text areas that hold JSON, drawn as forms by the page."""

import json
from typing import Any

from django.forms import Script
from unfold.widgets import UnfoldAdminTextareaWidget


class DrawnJson(UnfoldAdminTextareaWidget):
    """`form` says what is drawn (`static/js/admin/plain.js`). Without scripts the JSON is the form."""

    def __init__(self, form: dict[str, Any], *, rows: int = 3) -> None:
        super().__init__(attrs={"rows": rows, "spellcheck": "false"})
        self.draws(form)

    def draws(self, form: dict[str, Any]) -> None:
        """For what depends on what is in the database now."""
        self.attrs["data-form"] = json.dumps(form)

    class Media:
        js = (Script("js/admin/plain.js", type="module"),)


def texts(*, most: int) -> DrawnJson:
    """A text for each language."""
    return DrawnJson({"kind": "texts", "most": most, "rows": 5, "empty": {}}, rows=8)


def words() -> DrawnJson:
    """Some words, with commas between them."""
    return DrawnJson({"kind": "words", "empty": []})


def steps() -> DrawnJson:
    """What a macro does; `agents.admin.steps` says what may be named."""
    return DrawnJson(
        {"kind": "list", "noun": "step", "each": {"kind": "text"}, "empty": []}, rows=10
    )
