"""Languages that strangers may say they speak. Lists, filters and reports have a row for each."""

from collections.abc import Collection

from django.conf.locale import LANG_INFO

_NAMED = frozenset(tag.casefold() for tag in LANG_INFO)


def known_language(said: str, *, offered: Collection[str] = ()) -> str:
    """The tag if it is one that is offered or has a name, else its language alone (`en` of `en-US`);
    empty where that is none either."""
    tag = said.casefold()
    if tag in _NAMED or tag in {one.casefold() for one in offered}:
        return said
    language = tag.split("-")[0]
    return language if len(language) == 2 or language in _NAMED else ""
