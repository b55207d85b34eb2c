"""What begins instead of a procedure that is going on: by answers, which must not, and by what asks for another one.

    DATA_DIR=… script/manage shell -c "from benchmarks.asides import run; run()"

Answers are the values of every slot of the procedure (options with all their words, days, times, numbers …), and
WISHES, whichever slot is asked: none of them is among the texts that the matcher learns. Examples of other
procedures are left out one at a time; of the articles' questions one half is learnt and the other asked.
The multilingual and the English encoder read everything once, kept in `cache`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.beginnings import Pack, Vectors, packs
from bots.actions.procedures.selecting import another
from bots.knowledge.text import language_of
from bots.knowledge.vectors import encoders
from bots.procedures import matching
from bots.procedures.matching import Candidate, Matcher, Read, likeness
from bots.procedures.shapes import Procedure, Slot
from bots.procedures.state import State, World
from bots.procedures.switching import ANSWERS

TODAY = date(2026, 5, 4)
VALUES: dict[str, dict[str, tuple[str, ...]]] = {
    "date": {
        "en": ("next Friday", "tomorrow", "5 June", "in two weeks", "on Monday", "the 14th"),
        "zh": ("下周五", "明天", "6月5日", "下个月三号"),
    },
    "time": {
        "en": ("6 pm", "half past six", "noon", "in the morning"),
        "zh": ("晚上六点半", "中午", "下午三点"),
    },
    "integer": {"en": ("two", "4", "three of them"), "zh": ("两个", "三", "4位")},
    "number": {"en": ("two", "4"), "zh": ("两", "三")},
    "amount": {"en": ("200 euros", "€50"), "zh": ("三百元",)},
    "email": {"en": ("mia@example.com",), "zh": ("mia@example.com",)},
    "phone": {"en": ("+49 40 1234567",), "zh": ("13812345678",)},
    "name": {"en": ("I'm Mia Berger", "Mia Berger"), "zh": ("我叫王芳", "王芳")},
    "yes_no": {"en": ("yes please", "no thanks"), "zh": ("好的", "不用了")},
}
WISHES = {
    "en": (
        "cheapest please", "the cheapest one", "the earliest", "as early as possible", "as soon as possible",
        "whatever is cheapest", "any", "I don't mind", "no preference", "you choose", "the usual", "it does not matter",
        "something else", "a later one", "not too expensive", "a big one", "the first available",
        "the most expensive one", "for two people", "with my family", "the same as last time", "I am not sure yet",
        "earlier if possible", "a smaller one", "the fast one", "both", "what you think is best",
    ),
    "zh": (
        "最便宜的", "便宜点的", "最早的", "越早越好", "随便", "都可以", "你来选", "最好的", "无所谓", "另一个", "晚一点的", "早上的",
        "和家人一起", "跟上次一样", "还没想好", "全部", "尽快",
    ),
}  # fmt: skip
AS_SAID = {
    "en": ("{}", "{} please", "um, {}", "I think {}", "{}, and please hurry"),
    "zh": ("{}", "{}吧", "嗯，{}", "{}，谢谢"),
}


def answers_of(procedure: Procedure) -> Iterator[tuple[str, str]]:
    """(language, message) of every value that its slots take."""
    for slot in procedure.slots.values():
        for code in ("en", "zh"):
            for value in (*VALUES.get(slot.kind, {}).get(code, ()), *_options(slot, code)):
                for form in AS_SAID[code]:
                    yield code, form.format(value)


def wishes() -> Iterator[tuple[str, str]]:
    for code, said in WISHES.items():
        for one in said:
            for form in AS_SAID[code]:
                yield code, form.format(one)


def _options(slot: Slot, code: str) -> Iterator[str]:
    for option in slot.options:
        yield option.label.of(code)
        yield from (one for one in option.also if one.isascii() == (code == "en"))


def read_of(texts: Sequence[tuple[str, str]], known: Vectors) -> Read:
    """By its own language, as messages are read."""
    return known.of([(language_of(said, otherwise="en"), said) for _, said in texts])


def learnt_inside(pack: Pack, known: Vectors) -> Matcher:
    candidates = [
        Candidate(place, shape, known.of(like), known.of(unlike) if unlike else None)
        for place, (shape, like, unlike) in enumerate(
            zip(pack.shapes, pack.like, pack.unlike, strict=True)
        )
    ]
    answers = read_of([("", one) for one in ANSWERS], known)
    made = Matcher.learn(candidates, known.of(pack.questions), answers)
    assert made is not None
    return made


def begun_by(
    text: str, code: str, place: int, pack: Pack, matcher: Matcher
) -> tuple[str, float] | None:
    """What a message begins in the middle of the procedure at this place, and its score."""
    shape = pack.shapes[place]
    found = another(
        text, matcher.candidates, shape, State(language=code), World(TODAY, "", code),
        learnt=lambda few: matcher if len(few) == len(matcher.candidates) else None,
    )  # fmt: skip
    return (found.candidate.procedure.key, found.score) if found else None


def run(*, show: int = 10, cache: str = "/tmp/beginnings.pickle") -> None:
    """Prints the shares, and so many that begin what they should not."""
    encoders()
    known = Vectors(Path(cache))
    count: Counter[tuple[str, str]] = Counter()
    wrong: list[tuple[object, ...]] = []
    for pack in packs():
        matcher = learnt_inside(pack, known)
        for place, shape in enumerate(pack.shapes):
            for kind, said in (("value", answers_of(shape)), ("wish", wishes())):
                for code, text in dict.fromkeys(said):
                    begun = begun_by(text, code, place, pack, matcher)
                    count[kind, "all"] += 1
                    count[kind, "begun"] += begun is not None
                    if begun:
                        wrong.append((shape.key, text, *begun))
        count += _left_out(pack, matcher)
        count += _of_articles(pack, known)
    for kind in ("value", "wish", "own example", "article"):
        print(f"{kind:12} {count[kind, 'begun']} of {count[kind, 'all']} begin another procedure")
    right, other, of = (count["other example", one] for one in ("right", "another", "all"))
    print(f"other procedures' examples {of}: right {right / of:.1%}, a third one {other / of:.1%}")
    for one in wrong[:show]:
        print("   ", one)


def _best(row: NDArray[np.float64], text: str) -> int | None:
    """The place that a row of scores begins; None: none, or two as near."""
    order = np.argsort(-row)
    how = matching.HOW if matching._HOW.search(text) else 0.0
    near = any(row[one] >= row[order[0]] - matching.CLOSE for one in order[1:4])
    return None if near or row[order[0]] - how < matching.INSIDE else int(order[0])


def _left_out(pack: Pack, matcher: Matcher) -> Counter[tuple[str, str]]:
    """Each example as if it were not there, said in the middle of its own procedure and of each other."""
    given = matcher._given
    owners = [place for place, like in enumerate(pack.like) for _ in like]
    own = len(owners) + sum(map(len, pack.unlike)) + len(ANSWERS)
    weights = np.ones(len(given))
    weights[own:] = matching.STRANGE
    truth = np.zeros((len(given), len(pack.keys)))
    truth[np.arange(len(owners)), owners] = 1.0
    inverse = np.linalg.inv(
        likeness(given, given, matcher._middle) + matching.RIDGE * np.diag(1 / weights)
    )
    scores = truth - (inverse @ truth) / np.diag(inverse)[:, None]
    texts = [said for like in pack.like for _, said in like]
    found: Counter[tuple[str, str]] = Counter()
    for row, (text, owner) in enumerate(zip(texts, owners, strict=True)):
        best = _best(scores[row], text)
        for going_on in range(len(pack.keys)):
            if going_on == owner:
                found["own example", "all"] += 1
                found["own example", "begun"] += best not in {None, owner}
                continue
            found["other example", "all"] += 1
            found["other example", "right"] += best == owner
            found["other example", "another"] += best not in {None, owner, going_on}
    return found


def _of_articles(pack: Pack, known: Vectors) -> Counter[tuple[str, str]]:
    learnt, asked = pack.questions[::2], pack.questions[1::2]
    half = Pack(pack.name, pack.keys, pack.like, pack.unlike, learnt, pack.shapes)
    scores = learnt_inside(half, known).scores(known.of(asked))
    found: Counter[tuple[str, str]] = Counter()
    for row, (_, text) in zip(scores, asked, strict=True):
        best = _best(row, text)
        for going_on in range(len(pack.keys)):
            found["article", "all"] += 1
            found["article", "begun"] += best not in {None, going_on}
    return found
