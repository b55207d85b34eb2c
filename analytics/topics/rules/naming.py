"""The words that set a topic apart from the others, per language. Pure.

A word is worth its part of the divergence between what this topic says and what all others say (Kullback and
Leibler 1951): how many of its questions have the word, times the logarithm of how much oftener that is than
elsewhere; so neither the usual words win nor one that was said once. It must stand out by more than chance does.
A word counts once a question. Chinese is cut by two to four letters, and what is a part of a better one is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from math import log, sqrt

MOST = 4  # words of a topic
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
        here, there = (said + 0.5) / (asked + 1), (everywhere[word] - said + 0.5) / (rest + 1)
        both = (everywhere[word] + 0.5) / (total + 1)
        chance = sqrt(both * (1 - both) * (1 / max(asked, 1) + 1 / max(rest, 1)))
        if here - there >= SURE * chance and (said > 1 or asked <= 2):
            scored.append((here * log(here / there), len(word), word))
    chosen: list[str] = []
    for _, _, word in sorted(scored, key=lambda one: (-one[0], -one[1], one[2])):
        if not any(word in other or other in word for other in chosen):
            chosen.append(word)
        if len(chosen) == MOST:
            break
    return chosen
