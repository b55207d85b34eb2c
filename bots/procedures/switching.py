"""Whether a message in the middle of a procedure asks for another one, or merely answers. Pure.

“Next Friday”, “the cheapest” and “yes please” mean what was asked, whatever else they are like: people who answer
leave out what they answer. Only what says by itself what is to be done is for another procedure.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bots.procedures.choosing import named
from bots.procedures.cues import spaced
from bots.procedures.filling import around
from bots.procedures.moments import days, times
from bots.procedures.numbers import Found, numbers
from bots.procedures.said import folded, only_greets, skips, yes_or_no
from bots.procedures.shapes import Procedure
from bots.procedures.state import State, World
from bots.procedures.understanding import heard

ANSWERS = (
    "yes", "no", "yes please", "no thanks", "sure, go on", "not really", "I think so", "that's right",
    "the first one", "the other one", "either of them", "neither", "both of them", "all of them", "none of them",
    "just one", "a few", "the big one", "the smaller one", "the new one", "a different one", "the cheap one",
    "the cheapest", "the cheapest you have", "not the expensive one", "as cheap as possible", "the best one",
    "the fastest", "the earliest one", "the later one", "the next one", "as early as you can", "as soon as you can",
    "in the morning", "in the evening", "next week", "on Friday", "tomorrow at noon", "at the weekend", "any day",
    "any time is fine", "I don't care", "it doesn't matter to me", "I don't mind which", "whatever you like",
    "whatever is best", "you decide", "I don't know yet", "I'm not sure", "I have no idea", "let me think",
    "that depends", "the same as always", "as it was before", "what you said", "for my wife", "for me and my son",
    "with the children", "at home", "at work", "by the window", "without anything", "something like that",
    "I prefer the second", "I'd rather have the other", "I'd take the usual one", "sounds fine to me", "hurry up please",
    "as I said", "I told you already",
    "是的", "不是", "好的", "不用了", "不用，谢谢", "可以", "应该是", "第一个", "另外一个", "两个都要", "都不要", "都行",
    "只要一个", "几个", "大的", "小一点的", "新的那个", "换一个", "便宜的", "最便宜的那种", "不要太贵", "越便宜越好", "最好的那个",
    "最快的", "最早的那个", "晚一点", "下一个", "尽量早", "早上", "晚上", "下周", "周五", "明天中午", "周末", "哪天都行",
    "什么时候都可以", "我无所谓", "没关系", "你决定吧", "你看着办", "还不知道", "不确定", "我想想", "看情况", "和平时一样", "跟以前一样",
    "给我太太", "我和儿子", "带孩子", "在家", "在公司", "什么都不加", "差不多这样", "我说过了", "快点",
)  # fmt: skip
"""What people say when they are asked for something, and which begins nothing. Beside the articles' questions
these are what a message in the middle of a procedure is held against."""

_NTH = re.compile(r"\d{1,2}(?:st|nd|rd|th|号)", re.IGNORECASE)
_SMALL = re.compile(
    r"(?<![a-z])(?:let me see|as i said|i (?:think|guess|mean|want|need|prefer|said|would (?:like|say)|do|am)|i'd (?:like|say|prefer)|i'?ll (?:take|have)"
    r"|it'?s|it is|that'?s|that (?:is|would be|will be)|make it|please|thanks?|thank you|and|hurry|sure|okay|ok|so|then|um+|uh+|hm+|oh|well|maybe|perhaps|probably"
    r"|them|these|those|people|persons?|just|only|about|around|from|to|for|on|at|in|by|of|with|until|till|the|an?|one|my|is|be|would|are|we)(?![a-z])"
    r"|我看看|我说了|我想要?|我要|应该|大概|可能|就是?|那就?|谢谢|麻烦|快点|请|嗯+|好的|是|在|从|到|去|给|个|位|的|了|吧|啊|呢|呀|哦"
    r"|(?:next|this|coming) (?:week|month|year|weekend)s?|early|late|morning|afternoon|evening|today"
    r"|下个?月|这个?月|下周|本周|周末|早上|上午|下午|晚上|号"
    r"|[\W_]+",
    re.IGNORECASE,
)


def only_answers(text: str, procedure: Procedure, state: State, world: World) -> bool:
    """Yes and no, small talk, or only values."""
    if yes_or_no(text) is not None or skips(text) or only_greets(text):
        return True
    return only_values(text, procedure, state, world)


def only_values(text: str, procedure: Procedure, state: State, world: World) -> bool:
    """Whether nothing is left of a message without the values that any slot of this procedure could take, days,
    times and numbers, and small talk."""
    said = folded(text)
    if yes_or_no(text) is not None or skips(text) or only_greets(text):
        return False
    found = [*days(said, today=world.today, asked=True), *times(said), *numbers(said)]
    found += [Found(None, *one.span()) for one in _NTH.finditer(said)]
    for slot in procedure.slots.values():
        here = around(slot, procedure, state, world)
        found += named(said, here.choices) if slot.kind == "choice" else heard(slot, text, here)
    left = _without(said, found)
    for words in _words_around(procedure):
        left = re.sub(words, " ", left, flags=re.IGNORECASE)
    return bool(found) and not _SMALL.sub("", left)


@lru_cache(maxsize=256)
def _patterns(cues: tuple[str, ...]) -> tuple[str, ...]:
    parts = {part.strip() for cue in cues for part in cue.split("{}") if part.strip()}
    return tuple(
        rf"(?<![a-z]){spaced(one)}(?![a-z])" if one.isascii() else spaced(one)
        for one in sorted(parts, key=len, reverse=True)
    )


def _words_around(procedure: Procedure) -> tuple[str, ...]:
    """What stands around values: “people” of “{} people”."""
    return _patterns(tuple(cue for slot in procedure.slots.values() for cue in slot.cues))


def _without(said: str, found: list[Found]) -> str:
    kept = list(said)
    for one in found:
        kept[one.start : one.end] = " " * (one.end - one.start)
    return "".join(kept)
