"""Words for the pages of the help centre."""

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
