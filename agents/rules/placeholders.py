"""`{{customer.name|there}}` in a canned text: put in, never evaluated.

Only the names below exist. What is put in is text and stays text: braces in a customer's name are
not read again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

NAMES = (
    "customer.name", "customer.first_name", "customer.email", "customer.phone",
    "customer.language", "agent.name", "agent.first_name", "agent.email", "conversation.id",
    "conversation.language", "inbox.name", "queue.name",
)  # fmt: skip
ATTRIBUTES = "customer.attributes."
_PLACE = re.compile(r"\{\{([^{}|]*)(?:\|([^{}]*))?\}\}")
_ATTRIBUTE = re.compile(r"[^\W_][\w -]{0,63}")


@dataclass(slots=True)
class Rendered:
    """`unknown`: names that do not exist. `missing`: known ones without a value or a fallback."""

    text: str = ""
    unknown: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def is_known(name: str) -> bool:
    return name in NAMES or (
        name.startswith(ATTRIBUTES) and bool(_ATTRIBUTE.fullmatch(name.removeprefix(ATTRIBUTES)))
    )


def unknown_in(text: str) -> list[str]:
    """The names in a text that no conversation will ever have."""
    names = (place.group(1).strip() for place in _PLACE.finditer(text))
    return list(dict.fromkeys(name for name in names if not is_known(name)))


def render(text: str, values: Mapping[str, str]) -> Rendered:
    """The text with every placeholder replaced: by its value, its fallback, or nothing.

    An unknown name stays as it was written, so that whoever sends it sees it.
    """
    done = Rendered()

    def put_in(place: re.Match[str]) -> str:
        name, fallback = place.group(1).strip(), place.group(2)
        if not is_known(name):
            if name not in done.unknown:
                done.unknown.append(name)
            return place.group(0)
        if value := values.get(name, "").strip():
            return value
        if fallback is None and name not in done.missing:
            done.missing.append(name)
        return (fallback or "").strip()

    done.text = _PLACE.sub(put_in, text)
    return done


def text_for(texts: Mapping[str, str], *wanted: str) -> tuple[str, str]:
    """(language, text): the first wanted language there is, by its full code or its first part."""
    for code in wanted:
        if code in texts:
            return code, texts[code]
        first = code.split("-")[0].casefold()
        for language, text in texts.items():
            if first and language.split("-")[0].casefold() == first:
                return language, text
    language = "en" if "en" in texts else next(iter(texts), "")
    return language, texts.get(language, "")
