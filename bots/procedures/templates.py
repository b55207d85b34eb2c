"""Texts with places in braces that are filled from what is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from bots.procedures.expressions import as_date, look_up

LONGEST = 4_000
FILTERS = frozenset({"label", "money", "date", "word", "count", "join", "upper", "lower"})
_PLACE = re.compile(r"\{\{|\}\}|\{([^{}\n]{1,120})\}|[{}]")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "CNY": "¥", "JPY": "¥"}


class BadTemplate(ValueError):
    """Why this text cannot be filled."""


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    filter: str = ""
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    parts: tuple[str | Place, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(part for part in self.parts if isinstance(part, Place))

    @property
    def only(self) -> Place | None:
        """The place, if there is nothing beside it: then a value keeps its type."""
        return self.parts[0] if len(self.parts) == 1 and isinstance(self.parts[0], Place) else None


@dataclass(frozen=True, slots=True)
class Known:
    """What texts are filled with. `label` answers the words for the value of a choice, by slot;
    `words` are codes → texts in the language."""

    names: Mapping[str, Any]
    language: str = "en"
    label: Callable[[str], str] = str
    words: Mapping[str, Mapping[str, str]] | None = None


@lru_cache(maxsize=4096)
def template(text: str) -> Template:
    """Raises BadTemplate with a sentence for whoever wrote it."""
    if len(text) > LONGEST:
        raise BadTemplate(f"a text has at most {LONGEST:,} characters")
    parts: list[str | Place] = []
    end = 0
    for found in _PLACE.finditer(text):
        parts.append(text[end : found.start()])
        end = found.end()
        whole = found.group()
        if whole in {"{{", "}}"}:
            parts.append(whole[0])
        elif found.group(1) is None:
            raise BadTemplate(f"this “{whole}” has no partner; a brace itself is written twice")
        else:
            parts.append(_place(found.group(1)))
    parts.append(text[end:])
    return Template(tuple(part for part in parts if part != ""))


def _place(inside: str) -> Place:
    name, _, rest = inside.strip().partition("|")
    filter_, _, argument = rest.strip().partition(":")
    if not _NAME.fullmatch(name.strip()):
        raise BadTemplate(f"“{{{inside}}}” is not a name; a brace itself is written twice")
    if rest and filter_.strip() not in FILTERS:
        raise BadTemplate(f"there is no |{filter_.strip()}; there is {', '.join(sorted(FILTERS))}")
    return Place(name.strip(), filter_.strip(), argument.strip())


def filled(text: str, known: Known) -> str:
    """The text for a customer; what is not known is nothing."""
    return "".join(
        part if isinstance(part, str) else _shown(part, known) for part in template(text).parts
    )


def value_of(given: Any, known: Known) -> Any:
    """A body or a query: texts are filled, a text that is one place keeps its value's type."""
    if isinstance(given, Mapping):
        return {key: value_of(one, known) for key, one in given.items()}
    if isinstance(given, list | tuple):
        return [value_of(one, known) for one in given]
    if not isinstance(given, str):
        return given
    made = template(given)
    if made.only is not None and not made.only.filter:
        return look_up(made.only.name, known.names)
    return filled(given, known)


def path_of(text: str, known: Known) -> str:
    """A path: every value is escaped, so that none of them can lead elsewhere."""
    return "".join(
        part if isinstance(part, str) else _escaped(_shown(part, known))
        for part in template(text).parts
    )


def _escaped(value: str) -> str:
    escaped = quote(value, safe="")
    return escaped.replace(".", "%2E") if set(value) <= {"."} else escaped


def _shown(place: Place, known: Known) -> str:  # noqa: PLR0911 -- a case a filter
    value = look_up(place.name, known.names)
    match place.filter:
        case "label":
            return known.label(place.name)
        case "count":
            return str(len(value)) if isinstance(value, list | tuple | dict | str) else "0"
        case "money":
            return money(value, place.argument or "EUR")
        case "date":
            return day_in_words(value, known.language)
        case "word":
            words = (known.words or {}).get(place.argument, {})
            return words.get(plain(value), words.get("other", plain(value)))
        case "join":
            comma = "、" if known.language.startswith("zh") else ", "
            return comma.join(map(plain, value)) if isinstance(value, list) else plain(value)
    said = plain(value)
    return {"upper": said.upper(), "lower": said.lower()}.get(place.filter, said)


def plain(value: Any) -> str:
    """A value as it is said without any filter."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list):
        return ", ".join(map(plain, value))
    return "" if isinstance(value, dict) else str(value)


def money(value: Any, currency: str) -> str:
    """€12.50; 12.50 SEK."""
    try:
        amount = float(value)
    except (TypeError, ValueError):
        return plain(value)
    figure = f"{abs(amount):,.2f}"
    sign = _SIGNS.get(currency)
    minus = "-" if amount < 0 else ""
    return f"{minus}{sign}{figure}" if sign else f"{minus}{figure} {currency}"


def day_in_words(value: Any, language: str) -> str:
    """5 June 2026, 2026年6月5日; what is no day stays as it is."""
    day = as_date(value)
    if day is None:
        return plain(value)
    if language.startswith("zh"):
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
