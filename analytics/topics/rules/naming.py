"""The words that set a topic apart from the others, per language. Pure.

By log-odds with a prior of all topics together (Monroe, Colaresi and Quinn 2008, "Fightin' Words"): how much
more often a word is said in this topic than elsewhere, divided by how sure that is; so neither the usual words
win nor one that was said once. A word counts once a question. Chinese is cut by two letters, and what is a
part of a longer run that is said as often is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from math import log, sqrt

MOST = 4  # words of a topic
PRIOR = 50.0  # questions' worth of what all topics say
SURE = 1.3  # standard errors by which a word must stand out
_LATIN = re.compile(r"[^\W\d_\u3040-\u9fff]{3,}(?:'[a-z]+)?")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_LITTLE = frozenset(
    [
        "the",
        "and",
        "for",
        "you",
        "your",
        "are",
        "can",
        "could",
        "would",
        "should",
        "how",
        "what",
        "when",
        "where",
        "why",
        "who",
        "which",
        "with",
        "this",
        "that",
        "have",
        "has",
        "had",
        "was",
        "were",
        "will",
        "not",
        "but",
        "from",
        "they",
        "them",
        "there",
        "been",
        "does",
        "did",
        "don't",
        "doesn't",
        "didn't",
        "can't",
        "won't",
        "i'm",
        "i've",
        "it's",
        "its",
        "any",
        "all",
        "get",
        "got",
        "out",
        "about",
        "into",
        "want",
        "need",
        "please",
        "help",
        "just",
        "like",
        "know",
        "tell",
        "name",
        "number",
        "hello",
        "thanks",
        "thank",
        "hey",
        "yes",
        "much",
        "many",
        "some",
        "more",
        "than",
        "then",
        "also",
        "only",
        "even",
        "still",
        "really",
        "very",
        "one",
        "two",
        "use",
        "using",
        "make",
        "take",
        "let",
        "going",
        "able",
        "may",
        "might",
        "shall",
        "i'd",
        "i'll",
        "my",
        "me",
        "our",
    ]
)
_LITTLE_HAN = frozenset(
    [
        "我们",
        "你们",
        "请问",
        "一下",
        "怎么",
        "什么",
        "可以",
        "为什",
        "么样",
        "如何",
        "是不",
        "不是",
        "有没",
        "没有",
        "这个",
        "那个",
        "的时",
        "时候",
        "我的",
        "你好",
        "您好",
        "谢谢",
        "了吗",
        "的吗",
        "么办",
        "办呢",
    ]
)


def words_of(text: str, language: str) -> set[str]:
    """Each word of a question once."""
    if language in {"zh", "ja"}:
        return {
            run[at : at + size]
            for run in _HAN.findall(text)
            for size in (2, 3, 4)
            for at in range(len(run) - size + 1)
        } - _LITTLE_HAN | {word for word in _LATIN.findall(text.lower()) if word not in _LITTLE}
    return {word for word in _LATIN.findall(text.lower()) if word not in _LITTLE}


def apart(questions: Mapping[int, Sequence[str]], language: str) -> dict[int, list[str]]:
    """For each topic the words that set it apart, the most telling first; none where none is sure."""
    counts = {
        topic: Counter(word for text in texts for word in words_of(text, language))
        for topic, texts in questions.items()
    }
    everywhere: Counter[str] = Counter()
    for one in counts.values():
        everywhere.update(one)
    asked = {topic: len(texts) for topic, texts in questions.items()}
    total = sum(asked.values())
    return {topic: _best(counts[topic], everywhere, asked[topic], total) for topic in questions}


def _best(mine: Counter[str], everywhere: Counter[str], asked: int, total: int) -> list[str]:
    rest = total - asked
    scored = []
    for word, said in mine.items():
        if said < 2 and asked > 2:
            continue
        prior = PRIOR * (everywhere[word] + 0.1) / max(total, 1)
        here, there = said + prior, everywhere[word] - said + prior
        odds = log(here / (asked + PRIOR - here)) if here < asked + PRIOR else 6.0
        others = log(there / (rest + PRIOR - there)) if there < rest + PRIOR else 6.0
        sure = (odds - others) / sqrt(1 / here + 1 / there)
        if sure >= SURE:
            # Of words that tell as much, the one that more of its questions say names it better.
            scored.append((sure * (said / asked) ** 0.5, len(word), word))
    chosen: list[str] = []
    for _, _, word in sorted(scored, key=lambda one: (-one[0], -one[1], one[2])):
        if not any(word in other or other in word for other in chosen):
            chosen.append(word)
        if len(chosen) == MOST:
            break
    return chosen
