"""Which translation a reader gets. Pure."""

from collections.abc import Sequence

from django.utils.translation import get_language_info


def fallbacks(wanted: str, default: str) -> list[str]:
    """The wanted language, what it is a kind of (`zh-Hant-TW`: `zh-Hant`, `zh`), the default."""
    parts = wanted.replace("_", "-").casefold().split("-")
    chain = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return [*chain, default.casefold()]


def best(available: Sequence[str], *, wanted: str, default: str) -> int | None:
    """The place of the translation to show; None: there is none in any language of the chain.

    A sibling (`pt-BR` for somebody who reads `pt` or `pt-PT`) is nearer than the default.
    """
    folded = [one.replace("_", "-").casefold() for one in available]
    *own, last = fallbacks(wanted, default)
    for code in own:
        if code in folded:
            return folded.index(code)
    for base in (own[-1], last.split("-")[0]):
        if base in folded:
            return folded.index(base)
        for place, one in enumerate(folded):
            if one.split("-")[0] == base:
                return place
    return None


def language_named(code: str) -> str:
    """A language in its own words, such as Deutsch; an unknown one by its code."""
    parts = code.casefold().split("-")
    for length in range(len(parts), 0, -1):
        try:
            return str(get_language_info("-".join(parts[:length]))["name_local"])
        except KeyError:
            continue
    return "中文" if parts[0] == "zh" else code
