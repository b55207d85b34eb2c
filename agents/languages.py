"""The languages that agents speak, by their short codes. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf.locale import LANG_INFO

MOST = 20


class BadLanguages(ValueError):
    """Not a list of languages, in one sentence for who wrote it."""


def _known() -> Mapping[str, str]:
    """Django knows some hundred, with their regions; customers are matched by the language alone."""
    names = {
        code: " · ".join(dict.fromkeys((info["name"], info["name_local"])))
        for code, info in LANG_INFO.items()
        if "name" in info and "-" not in code
    }
    names["zh"] = "Chinese · 中文"
    return dict(sorted(names.items(), key=lambda pair: pair[1]))


NAMES = _known()
"""{code: English name · own name}"""


def choices(also: Iterable[str] = ()) -> list[tuple[str, str]]:
    """For a form: all that we know, and whatever somebody has besides."""
    more = {code: code for code in also if code not in NAMES}
    return [*NAMES.items(), *more.items()]


def languages(value: Any) -> list[str]:
    """Short codes without repetition, such as ["en", "zh"]; raises BadLanguages."""
    if not isinstance(value, list) or len(value) > MOST:
        raise BadLanguages(f'Write a list of up to {MOST} languages, such as ["en", "zh"].')
    codes = []
    for one in value:
        code = one.lower().split("-")[0] if isinstance(one, str) else ""
        if not (2 <= len(code) <= 3 and code.isascii() and code.isalpha()):
            raise BadLanguages(f"{str(one)[:40]!r} is no language's code, such as en or zh.")
        codes.append(code)
    return list(dict.fromkeys(codes))
