"""Days and times of day as people write them, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bots.procedures.numbers import Found, of_han

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = r"(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_HAN_DAYS = {c: i for i, c in enumerate("一二三四五六")} | {"日": 6, "天": 6}
_HAN_NUMBER = r"[零〇一二两三四五六七八九十\d]+"
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"

_WRITTEN = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4})\s?[-/.年]\s?(?P<number>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})\s?[日号]?(?!\d)",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? (?P<year>\d{{4}}))?\b",
        rf"\b{_MONTH} (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?\b",
        r"(?<![\d.])(?P<day>\d{1,2})\.\s?(?P<number>\d{1,2})\.(?:\s?(?P<year>\d{4}|\d{2})\b)?(?!\d)",
        r"(?<![\d/])(?P<day>\d{1,2})/(?P<number>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?(?![\d/])",
        rf"(?P<han_month>{_HAN_NUMBER})月(?P<han_day>{_HAN_NUMBER})[日号]?",
    )
]
_UNTIL = re.compile(  # the second day of “from May 13th to the 15th”, in the month of the first
    r"^(?:\s*(?:to|until|till|through|thru|and)\s+(?:the )?|\s*-\s*)(?P<day>\d{1,2})(?:st|nd|rd|th)?(?![\d:/.]|\s?[ap]\.?m|\w)",
    re.IGNORECASE,
)
_SOON = [
    (re.compile(pattern, re.IGNORECASE), days)
    for pattern, days in (
        (r"\b(?:the )?day after tomorrow\b|(?<!大)后天|後天", 2),
        (r"大后天", 3),
        (r"\b(?:tomorrow|tomorow|tommorow|tmrw|tmr)\b|明天|明日|明早|明晚", 1),
        (r"\b(?:today|tonight|this (?:morning|afternoon|evening))\b|今天|今日|今晚|今早", 0),
        (r"\b(?:the )?day before yesterday\b|前天", -2),
        (r"\byesterday\b|昨天|昨日|昨晚", -1),
    )
]
_LATER = re.compile(
    rf"\bin {_COUNT} (?P<unit>days?|weeks?)\b|(?P<han>{_HAN_NUMBER})(?P<han_unit>天|个?星期|周)(?:之?后|以后)",
    re.IGNORECASE,
)
_ON_WEEKDAY = re.compile(
    rf"\b(?:(?P<which>next|this|coming|last) )?{_WEEKDAY}\b(?P<week> next week)?"
    r"|(?P<han_which>下下?个?|这个?|本|上个?)?(?:周|星期|礼拜)(?P<han_day>[一二三四五六日天])",
    re.IGNORECASE,
)
_NEXT_WEEK = re.compile(r"\b(?:next|in a) week\b", re.IGNORECASE)
_THE_NTH = re.compile(r"^\D{0,12}?(?P<day>\d{1,2})(?:st|nd|rd|th|日|号)\W*$", re.IGNORECASE)


def days(text: str, *, today: date, past: bool = False, asked: bool = False) -> Iterator[Found]:
    """All days of a folded text. `past`: a day without a year is one that was; `asked`: the text
    answers the question for a day, so that “the 6th” is one."""
    yield from _written_days(text, today, past=past)
    for pattern, ahead in _SOON:
        for one in pattern.finditer(text):
            yield Found((today + timedelta(days=ahead)).isoformat(), *one.span())
    for one in _LATER.finditer(text):
        yield Found((today + timedelta(days=_ahead(one))).isoformat(), *one.span())
    for one in _ON_WEEKDAY.finditer(text):
        yield Found(_weekday(one, today, past=past).isoformat(), *one.span())
    for one in _NEXT_WEEK.finditer(text) if asked else ():
        yield Found((today + timedelta(days=7)).isoformat(), *one.span())
    nth = _THE_NTH.match(text) if asked else None
    if nth and (day := _nth(int(nth["day"]), today, past=past)):
        yield Found(day.isoformat(), *nth.span("day"))


def _written_days(text: str, today: date, *, past: bool) -> Iterator[Found]:
    for pattern in _WRITTEN:
        for one in pattern.finditer(text):
            day = _written(one.groupdict(), today, past=past)
            if day is None:
                continue
            yield Found(day.isoformat(), *one.span())
            until = _UNTIL.match(text[one.end() :]) if one.groupdict().get("month") else None
            last = _day(day.year, day.month, int(until["day"])) if until else None
            if until and last is not None and last > day:
                yield Found(
                    last.isoformat(), one.end() + until.start("day"), one.end() + until.end()
                )


def _written(parts: dict[str, str | None], today: date, *, past: bool) -> date | None:
    if parts.get("han_month"):
        month, number = of_number(parts["han_month"]), of_number(parts["han_day"])
    elif parts.get("month"):
        month = _MONTHS.index(str(parts["month"])[:3].lower()) + 1
        number = int(parts["day"] or 0)
    else:
        month, number = int(parts["number"] or 0), int(parts["day"] or 0)
        if month > 12 >= number:  # the American order, where nothing else makes sense
            month, number = number, month
    year = parts.get("year")
    if year:
        return _day(int(year) + (2000 if len(year) == 2 else 0), month, number)
    return _nearest(today, month, number, past=past)


def _nearest(today: date, month: int, number: int, *, past: bool) -> date | None:
    order = (today.year, today.year - 1) if past else (today.year, today.year + 1)
    for year in order:
        day = _day(year, month, number)
        if day is not None and (day <= today if past else day >= today):
            return day
    return _day(today.year, month, number)


def _nth(number: int, today: date, *, past: bool) -> date | None:
    for ahead in range(32):
        day = today + timedelta(days=-ahead if past else ahead)
        if day.day == number:
            return day
    return None


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _ahead(found: re.Match[str]) -> int:
    if found["han"]:
        count, unit = of_number(found["han"]), found["han_unit"]
        return min(count * (1 if unit == "天" else 7), 3660)
    said = found["count"].lower()
    count = int(said) if said.isdigit() else _NUMBERS[said]
    return count * (7 if found["unit"].lower().startswith("week") else 1)


def _weekday(found: re.Match[str], today: date, *, past: bool) -> date:
    """“Friday” is the coming one, “next Friday” the one of next week, as 下周五 is."""
    if found["han_day"]:
        wanted, which = _HAN_DAYS[found["han_day"]], (found["han_which"] or "").rstrip("个")
    else:
        wanted = _DAYS.index(found["weekday"][:3].lower())
        which = "下" if found["week"] else (found["which"] or "").lower()
    monday = today - timedelta(days=today.weekday())
    if which in {"下", "下下", "next"}:
        return monday + timedelta(days=wanted + (14 if which == "下下" else 7))
    if which in {"上", "last"} or past:
        return today - timedelta(days=(today.weekday() - wanted) % 7 or 7)
    if which in {"这", "本"} and monday + timedelta(days=wanted) >= today:
        return monday + timedelta(days=wanted)
    return today + timedelta(days=(wanted - today.weekday()) % 7)


def of_number(said: str | None) -> int:
    """Digits or Chinese numerals; 0 where there is none."""
    if not said:
        return 0
    value = int(said) if said.isdigit() and len(said) < 9 else of_han(said)
    return int(value or 0)


_CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>[01]?\d|2[0-4])(?:[:.h](?P<minute>[0-5]\d))?\s*(?P<half>[ap]\.?\s?m\b\.?|o'?clock)?(?![\d:])",
    re.IGNORECASE,
)
_NUMBER_WORD = "|".join(
    sorted((w for w in _NUMBERS if w not in {"a", "an"}), key=len, reverse=True)
)
_SPOKEN = re.compile(
    rf"\b(?:(?P<part>half past|half|quarter past|quarter to|ten past|ten to|twenty past|twenty to) )?"
    rf"(?P<hour>\d{{1,2}}|{_NUMBER_WORD})(?:[ -](?P<and>thirty|fifteen|forty[- ]five))?"
    r"(?P<clock> o'?clock)?(?: (?:in the )?(?P<half>morning|afternoon|evening|at night|pm|am|p\.m\.|a\.m\.))?\b",
    re.IGNORECASE,
)
_PARTS = {
    "half past": 30, "half": 30, "quarter past": 15, "quarter to": -15, "ten past": 10,
    "ten to": -10, "twenty past": 20, "twenty to": -20,
}  # fmt: skip
_AND = {"thirty": 30, "fifteen": 15, "forty five": 45, "forty-five": 45}
_NAMED = [
    (re.compile(r"\b(?:noon|midday)\b|正午|中午(?!\s*[\d一二两三十])", re.IGNORECASE), "12:00"),
    (re.compile(r"\bmidnight\b|午夜|半夜十二点", re.IGNORECASE), "00:00"),
]
_HAN_TIME = re.compile(
    rf"(?P<half>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|今晚|明晚|夜里|早)?\s*(?P<hour>{_HAN_NUMBER})\s*[点點时](?!间)"
    rf"(?:(?P<part>半|一刻|三刻)|(?P<minute>{_HAN_NUMBER})分?)?"
)
_AFTER_NOON = {"下午", "傍晚", "晚上", "今晚", "明晚", "夜里"}


def times(text: str, *, asked: bool = False) -> Iterator[Found]:
    """All times of day of a folded text; a bare “7” only when a time was `asked` for."""
    for pattern, named in _NAMED:
        yield from (Found(named, *one.span()) for one in pattern.finditer(text))
    said = [(one, _han_time(one)) for one in _HAN_TIME.finditer(text)]
    for one in _CLOCK.finditer(text):
        if one["minute"] or one["half"] or asked:
            half = (one["half"] or "").lower()
            said.append((one, _clock(int(one["hour"]), int(one["minute"] or 0), half)))
    said += [
        (one, _spoken(one.groupdict()))
        for one in _SPOKEN.finditer(text)
        if asked or one["part"] or one["clock"] or one["half"]
    ]
    yield from (Found(value, *one.span()) for one, value in said if value)


def _clock(hour: int, minute: int, half: str) -> str | None:
    if half.startswith("p") and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    hour = 0 if hour == 24 else hour
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None


def _spoken(said: dict[str, str | None]) -> str | None:
    word = (said["hour"] or "").lower()
    hour = int(word) if word.isdigit() else _NUMBERS[word]
    minute = _PARTS.get((said["part"] or "").lower(), 0) + _AND.get((said["and"] or "").lower(), 0)
    if minute < 0:
        hour, minute = hour - 1, minute + 60
    half = (said["half"] or "").lower()
    late = half.startswith("p") or half in {"afternoon", "evening", "at night"}
    return _clock(hour, minute, "pm" if late else "")


def _han_time(found: re.Match[str]) -> str | None:
    hour = of_number(found["hour"])
    minute = {"半": 30, "一刻": 15, "三刻": 45}.get(found["part"] or "", of_number(found["minute"]))
    half = found["half"] or ""
    if (half in _AFTER_NOON and hour < 12) or (half == "中午" and hour < 3):
        hour += 12
    return _clock(hour, minute, "")


def later_half(value: str) -> str:
    """07:30 → 19:30: what a bare “half past seven” means to a restaurant."""
    hour, _, minute = value.partition(":")
    return f"{int(hour) + 12:02d}:{minute}" if int(hour) < 12 else value
