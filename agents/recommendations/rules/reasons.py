"""Why something is offered, said to the customer themselves and in their language. Pure."""

from __future__ import annotations

_SAYS = {
    "named": {"en": "You mentioned it", "zh": "您提到过它"},
    "with": {"en": "Often taken together with {name}", "zh": "常与“{name}”一起选购"},
    "had": {"en": "You have taken it before", "zh": "您以前选购过"},
    "alike": {"en": "Customers like you took it", "zh": "与您相似的顾客也选了它"},
    "popular": {"en": "Popular lately", "zh": "近期热门"},
}
_BEGINS = (
    ("the customer speaks of it", "named"),
    ("often comes next after ", "with"),
    ("often goes with ", "with"),
    ("taken ", "had"),
    ("fits the course ", "alike"),
    ("customers with a like history", "alike"),
    ("wanted ", "popular"),
    ("popular ", "popular"),
)


def to_customer(because: str, language: str) -> str:
    """`because` as it was kept for agents; empty where there is no reason of theirs."""
    for begins, kind in _BEGINS:
        if because.startswith(begins):
            says = _SAYS[kind]
            words = says.get(language.lower().split("-")[0], says["en"])
            return words.format(name=because.removeprefix(begins)) if kind == "with" else words
    return ""
