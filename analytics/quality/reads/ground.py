"""What judges ask others: one small seam to sentiment, the rules of the house, knowledge and vectors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from agents.assist.actions.outgoing import rules_of
from agents.assist.reads.spelling import better_spelling
from agents.assist.rules.outgoing import Rule, found_in
from analytics.quality.rules.judges.timing import is_question
from analytics.quality.rules.talk import Ground, Line, Part
from bots.answering.mood import upset
from bots.knowledge.corpus import corpus
from bots.knowledge.text import language_of
from bots.knowledge.vectors import Encoders
from bots.language.model import Passage, Vectors
from bots.language.support import Support, supported
from bots.learning.clusters import around
from bots.models import Article
from bots.reads.gaps import nearest_articles

SPEAKS_OF = 0.60  # likeness from which on an article speaks of a sentence that cites none
AFTER = 3  # answers behind a question that are looked at
QUESTIONS = 4  # of one part
_CITED = re.compile(r"\s*\[\d+\]")
_LISTED = re.compile(r"[;；]\s*")
_WORD = re.compile(
    r"(?<![\w@./#-])[a-z]+(?:'[a-z]+)?(?![\w@/#-])"
)  # lower case: no names, no addresses
# The commonest slips of Chinese input methods: (as written, as meant).
_CHINESE = (
    ("登陆", "登录"), ("帐号", "账号"), ("帐户", "账户"), ("按装", "安装"), ("在次", "再次"), ("既使", "即使"), ("因该", "应该"), ("以经", "已经"),
    ("从新", "重新"), ("已后", "以后"), ("坐客服", "做客服"), ("抱谦", "抱歉"), ("报歉", "抱歉"), ("绐您", "给您"), ("在见", "再见"), ("那么时候", "什么时候"),
    ("请稍后片刻", "请稍候片刻"), ("稍侯", "稍候"), ("侯时", "候时"), ("必需要", "必须要"), ("不竟", "毕竟"), ("反应问题", "反映问题"), ("收获地址", "收货地址"), ("退伙", "退货"),
)  # fmt: skip
_CHINESE_SLIP = re.compile("|".join(wrong for wrong, _ in _CHINESE))
_CHINESE_MEANT = dict(_CHINESE)


@dataclass
class Grounds:
    """One for a batch: what was encoded or read once is not again."""

    encoders: Encoders | None
    vectors: dict[str, Vectors] = field(default_factory=dict)
    articles: dict[str, Passage | None] = field(default_factory=dict)
    rules: dict[int, list[Rule]] = field(default_factory=dict)

    def of(self, part: Part, *, inbox_id: int) -> Ground:
        if inbox_id not in self.rules:
            self.rules[inbox_id] = rules_of(inbox_id)
        rules = self.rules[inbox_id]
        return Ground(
            crossness=lambda line: upset(line.text, line.negative),
            sensitive=lambda text: [(hit.start, hit.end) for hit in found_in(text, rules)],
            borne_out=lambda line, said: self.borne_out(line, said, language=part.language),
            likeness=self.likeness if self.encoders else None,
            misspelt=speller(part.language),
            language_of=lambda text, otherwise: language_of(text, otherwise=otherwise),
        )

    def encode(self, parts: Sequence[Part]) -> None:
        """The questions and answers of all these parts together."""
        if self.encoders is None:
            return
        wanted = {text for part in parts for text in _compared(part)} - set(self.vectors)
        if wanted:
            texts = sorted(wanted)
            found = around(self.encoders.every.queries(texts), corpus().middle)
            self.vectors.update(zip(texts, found, strict=True))

    def likeness(self, question: str, answers: Sequence[str]) -> list[float]:
        """Cosines around the middle of the knowledge base; of what was not encoded, nothing is near."""
        one = self.vectors.get(question)
        if one is None:
            return [0.0 for _ in answers]
        others = [self.vectors.get(text) for text in answers]
        return [0.0 if other is None else float(one @ other) for other in others]

    def borne_out(self, line: Line, said: Sequence[str], *, language: str) -> list[float | None]:
        """Of each sentence: 1 an article says it, 0 those it cites do not, None: articles do not speak
        of it, or it is no claim."""
        cited = [one for key in line.articles if (one := self._article(key)) is not None]
        return [self._held(sentence, cited, language=language) for sentence in said]

    def _held(self, sentence: str, cited: Sequence[Passage], *, language: str) -> float | None:
        plain = _CITED.sub("", sentence).strip()
        if not plain or plain.endswith(("?", "？")):
            return None
        near = list(cited)
        if not near:
            if self.encoders is None or not corpus().passages:
                return None
            vector = self.encoders.every.queries([plain])
            found = nearest_articles(np.asarray(vector), most=3)
            keys = self._keys([pk for pk, likeness in found if likeness >= SPEAKS_OF])
            near = [one for key in keys if (one := self._article(key)) is not None]
        near = [
            one
            for one in near
            if one.language.split("-")[0] == language_of(plain, otherwise=language)
        ]
        if not near:
            return None
        held = said_in(plain, near)
        # Words that no sentence of an article comes near are an agent's own, about this one case.
        return 1.0 if held.is_enough else None if not cited and held.score < 0.5 else 0.0

    def _keys(self, pks: Sequence[int]) -> list[str]:
        return [
            str(key) for key in Article.objects.filter(pk__in=pks).values_list("uuid", flat=True)
        ]

    def _article(self, key: str) -> Passage | None:
        if key not in self.articles:
            row = Article.objects.filter(uuid=key).values_list("title", "body", "language").first()
            self.articles[key] = Passage(key, row[0], row[1], row[2]) if row else None
        return self.articles[key]


def said_in(sentence: str, passages: Sequence[Passage]) -> Support:
    """As the bot's own gate reads it; what puts several lines of a list into one sentence is held line by line,
    and is as good as the worst of them."""
    whole = supported(sentence, passages)
    lines = [one for one in _LISTED.split(sentence) if one.strip()]
    if whole.is_enough or len(lines) < 2:
        return whole
    return min((supported(one, passages) for one in lines), key=lambda one: one.score)


def _compared(part: Part) -> list[str]:
    found: list[str] = []
    asked = 0
    for place, line in enumerate(part.lines):
        if line.is_for_me and is_question(line.text) and asked < QUESTIONS:
            asked += 1
            answers = [one.text for one in part.lines[place + 1 :] if one.mine][:AFTER]
            found += [line.text, *answers]
    return found


def speller(language: str) -> Callable[[str], list[tuple[int, int, str]]] | None:
    """Who finds slips in this language: (start, end, meant); None where nobody can."""
    if language == "en":
        return _english
    if language == "zh":
        return _chinese
    return None


def _english(text: str) -> list[tuple[int, int, str]]:
    return [
        (*word.span(), meant)
        for word in _WORD.finditer(text)
        if len(word.group()) > 3 and (meant := better_spelling(word.group()))
    ]


def _chinese(text: str) -> list[tuple[int, int, str]]:
    return [(*hit.span(), _CHINESE_MEANT[hit.group()]) for hit in _CHINESE_SLIP.finditer(text)]


def measured(rows: Mapping[str, tuple[int, float]]) -> Callable[[str, float], float]:
    """How sure a judge may be, by question: its own word, moved by how often people said the same."""

    def sure(code: str, own: float) -> float:
        pairs, agreed = rows.get(code, (0, own))
        return (own * 10 + agreed * pairs) / (10 + pairs)

    return sure
