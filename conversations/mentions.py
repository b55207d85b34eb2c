"""Who a note speaks to: `@anna` or `@second-level`."""

import re

_MENTION = re.compile(r"(?<![\w@./+-])@(\w[\w.+-]{0,149})")
_MOST = 20


def handle_of(name: str) -> str:
    """How a name is written after an @: small, with hyphens for spaces."""
    return re.sub(r"[^\w.+-]+", "-", name.strip().casefold()).strip("-")


def handles_in(text: str) -> tuple[str, ...]:
    """The names after an @, small, each once, in order. An e-mail address is none."""
    found = (match.casefold().rstrip(".+-") for match in _MENTION.findall(text))
    return tuple(dict.fromkeys(name for name in found if name))[:_MOST]
