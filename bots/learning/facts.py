"""Figures that a sentence states, so that two sentences can be compared: English and Chinese. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
_ENGLISH = {word: float(n) for n, word in enumerate(_SMALL.split())} | {
    "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "ninety": 90.0, "hundred": 100.0,
    "half": 0.5,
}  # fmt: skip
_DIGITS = {sign: n for n, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905

# Each unit as (what it measures, how much of that).
_UNITS: Mapping[str, tuple[str, float]] = {
    **dict.fromkeys(["second", "sec", "秒", "秒钟"], ("time", 1 / 86400)),
    **dict.fromkeys(["minute", "min", "分钟"], ("time", 1 / 1440)),
    **dict.fromkeys(["hour", "hr", "h", "小时", "个小时"], ("time", 1 / 24)),
    **dict.fromkeys(["day", "天", "日", "工作日", "个工作日", "自然日"], ("time", 1.0)),
    **dict.fromkeys(["week", "周", "星期", "个星期"], ("time", 7.0)),
    **dict.fromkeys(["month", "个月"], ("time", 30.0)),
    **dict.fromkeys(["year", "年"], ("time", 365.0)),
    **dict.fromkeys(["€", "euro", "eur", "欧元"], ("€", 1.0)),
    **dict.fromkeys(["$", "dollar", "usd", "美元"], ("$", 1.0)),
    **dict.fromkeys(["£", "pound", "gbp", "英镑"], ("£", 1.0)),
    **dict.fromkeys(["¥", "yuan", "rmb", "元", "块"], ("¥", 1.0)),
    **dict.fromkeys(["cent", "分"], ("cent", 1.0)),
    **dict.fromkeys(["%", "percent", "％"], ("%", 1.0)),
    **dict.fromkeys(["kg", "kilogram", "kilo", "公斤", "千克"], ("weight", 1.0)),
    **dict.fromkeys(["g", "gram", "克"], ("weight", 0.001)),
    **dict.fromkeys(["km", "kilometre", "kilometer", "公里"], ("length", 1000.0)),
    **dict.fromkeys(["metre", "meter", "米"], ("length", 1.0)),
    **dict.fromkeys(["cm", "厘米"], ("length", 0.01)),
    **dict.fromkeys(["mm", "毫米"], ("length", 0.001)),
    **dict.fromkeys(["mb", "gb", "litre", "liter", "item", "piece", "attempt", "time", "device", "user", "point"], ("count", 1.0)),
    **dict.fromkeys(["次", "件", "个", "台", "张", "位", "人"], ("count", 1.0)),
}  # fmt: skip
_LATIN = "|".join(sorted((u for u in _UNITS if u.isascii() and u.isalpha()), key=len, reverse=True))
_OTHER = "|".join(
    re.escape(unit)
    for unit in sorted(_UNITS, key=len, reverse=True)
    if not unit.isascii() or not unit.isalpha()
)
_NUMBER = r"\d+(?:[.,]\d+)*"
_WORD = "|".join(sorted(_ENGLISH, key=len, reverse=True))
_FIGURE = re.compile(
    rf"(?P<before>[$€£¥])\s?(?P<paid>{_NUMBER})"
    rf"|(?P<clock>\b\d{{1,2}}:\d{{2}}\b(?:\s?[ap]\.?m)?|\b\d{{1,2}}\s?[ap]\.?m\b)"
    rf"|(?P<month>\b(?:{'|'.join(_MONTHS)})[a-z]*\.?\s\d{{1,2}}\b|\b\d{{1,2}}\.?\s(?:{'|'.join(_MONTHS)})[a-z]*\b|\d{{1,2}}月\d{{1,2}}[日号])"
    rf"|(?<![A-Za-z0-9_.,])(?P<number>{_NUMBER}|(?:{_WORD})\b)(?:\s?(?:-|–|to|bis|至|到)\s?(?P<until>{_NUMBER}))?"
    rf"(?:[\s-]?(?P<sign>{_OTHER})|[\s-]?(?:(?:working|business|calendar|full|whole|more|extra|different)\s)?(?P<unit>{_LATIN})s?\b)"
    rf"|(?P<chinese>[零〇一二两三四五六七八九十百]+)(?P<measure>{'|'.join(sorted((u for u in _UNITS if not u.isascii()), key=len, reverse=True))})",
    re.IGNORECASE,
)


def facts(sentence: str) -> dict[str, frozenset[float | str]]:
    """{what is measured: the values}. A span of time is in days whatever its unit; “3–5 days” has both
    ends; a date is a word such as `5-1`, a time of day `09:00`."""
    found: dict[str, set[float | str]] = {}
    for figure in _FIGURE.finditer(sentence):
        for what, value in _read(figure):
            found.setdefault(what, set()).add(value)
    return {what: frozenset(values) for what, values in found.items()}


def without_figures(sentence: str) -> str:
    return _FIGURE.sub(" ", sentence)


def _read(figure: re.Match[str]) -> list[tuple[str, float | str]]:
    said = figure.groupdict()
    if said["paid"]:
        return [(_UNITS[said["before"]][0], _value(said["paid"]))]
    if said["clock"]:
        return [("clock", _clock(said["clock"].lower()))]
    if said["month"]:
        return [("date", _date(said["month"].lower()))]
    if said["chinese"]:
        what, size = _UNITS[said["measure"]]
        return [(what, round(_chinese(said["chinese"]) * size, 6))]
    what, size = _UNITS[(said["sign"] or said["unit"]).lower()]
    values = [said["number"], said["until"]]
    return [(what, round(_value(value) * size, 6)) for value in values if value]


def _value(written: str) -> float:
    known = _ENGLISH.get(written.lower())
    if known is not None:
        return known
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", written):
        return float(re.sub(r"[.,]", "", written))
    head, _, tail = written.replace(",", ".").rpartition(".")
    return float(f"{head.replace('.', '')}.{tail}") if head else float(tail)


def _clock(written: str) -> str:
    hour, minute = re.findall(r"\d+", written + ":00")[:2]
    late = "p" in written and int(hour) < 12
    return f"{int(hour) + 12 * late:02d}:{minute}"


def _date(written: str) -> str:
    numbers = re.findall(r"\d+", written)
    if "月" in written:
        return f"{int(numbers[0])}-{int(numbers[1])}"
    month = next(n for n, name in enumerate(_MONTHS, 1) if name in written)
    return f"{month}-{int(numbers[0])}"


def _chinese(written: str) -> float:
    total, digit = 0, 0
    for sign in written:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[sign]
    return float(total + digit)
