"""Words for the pages of the help centre."""

from collections.abc import Sized
from typing import Any

from django import template
from django.utils.translation import get_language_info

register = template.Library()


@register.filter
def language_named(code: str) -> str:
    """A language in its own words, such as Deutsch; an unknown one by its code."""
    parts = code.casefold().split("-")
    for length in range(len(parts), 0, -1):
        try:
            return str(get_language_info("-".join(parts[:length]))["name_local"])
        except KeyError:
            continue
    return "中文" if parts[0] == "zh" else code


@register.filter
def filled(sentence: str, words: str) -> str:
    """A sentence of ours with somebody's words in it; the page escapes them."""
    return sentence.format(words=words)


@register.filter
def counted(sentence: str, of: Sized) -> str:
    return sentence.format(count=len(of))


@register.simple_tag(takes_context=True)
def switched(context: Any, code: str) -> str:
    """This page for somebody who reads another language."""
    query = context["request"].GET.copy()
    query["lang"] = code
    return f"?{query.urlencode()}"
