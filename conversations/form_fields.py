"""Fields that forms of the admin share."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminTextareaWidget

from conversations.words import clean_line

_LINES = 100
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?")


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


class TextsField(forms.CharField):
    """Words by language, one language a line: "en: How easy was it?"."""

    widget = UnfoldAdminTextareaWidget

    def __init__(self, **words: Any) -> None:
        super().__init__(**({"widget": UnfoldAdminTextareaWidget({"rows": 3})} | words))

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return "\n".join(f"{language}: {words}" for language, words in value.items())

    def to_python(self, value: Any) -> Any:
        if isinstance(value, dict):
            return value
        return _by_language(line for line in str(value or "").splitlines() if line.strip())

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))


class OptionsField(forms.CharField):
    """Things to choose from, one a line: "slow | en: It took too long | zh: …"."""

    widget = UnfoldAdminTextareaWidget

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(
            " | ".join([str(one["key"]), *(f"{k}: {v}" for k, v in one.items() if k != "key")])
            for one in value
        )

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        options = []
        for line in str(value or "").splitlines():
            if line.strip():
                key, *texts = (part.strip() for part in line.split("|"))
                options.append({"key": clean_line(key, limit=40), **_by_language(texts)})
        return options

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))


def _by_language(lines: Iterable[str]) -> dict[str, str]:
    texts = {}
    for line in lines:
        language, colon, words = line.partition(":")
        if not colon or not _LANGUAGE.fullmatch(language.strip()):
            raise ValidationError(f'"{line.strip()[:60]}": each is such as "en: How easy was it?".')
        texts[language.strip()] = clean_line(words, limit=300)
    return texts
