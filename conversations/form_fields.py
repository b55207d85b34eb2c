"""Fields that forms of the admin share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminTextareaWidget

from conversations.words import clean_line

_LINES = 100


class LinesField(forms.CharField):
    """A list of short texts, one a line."""

    widget = UnfoldAdminTextareaWidget

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        said = value if isinstance(value, list) else str(value or "").splitlines()
        lines = [line for text in said if (line := clean_line(str(text), limit=200))]
        if len(lines) > _LINES:
            raise ValidationError(f"At most {_LINES} lines.")
        return lines

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))
