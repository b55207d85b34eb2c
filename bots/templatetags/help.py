"""Words for the pages of the help centre."""

from collections.abc import Sized
from typing import Any

from django import template

from bots.help_centre.locales import language_named

register = template.Library()


register.filter(language_named)


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
