"""What the bot would say to a question, and why; nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bots.answering.chance import chance_of, signals
from bots.answering.composing import Look, fixed, plain, single
from bots.answering.context import read, told_before
from bots.answering.dialogue import Evidence, decide
from bots.answering.manner import NEUTRAL, Manner, fixed_answer
from bots.answering.mood import crossness, repeats, says_it_did_not_help, trend
from bots.answering.proposals import Citation, Claim, Proposal, Request, Source
from bots.answering.requests import parts_of, point_of, thing_wanted
from bots.answering.several import agreed, several
from bots.answering.wishes import Wish, wish_of
from bots.knowledge.calibration import calibration
from bots.knowledge.corpus import Corpus, corpus, names_at_hand
from bots.knowledge.questions import Question, encode
from bots.knowledge.search import floor_of, search
from bots.knowledge.text import language_of
from bots.knowledge.vectors import Encoders, encoders
from bots.language.model import Turn
from bots.models import Article, Reader, Readership

__all__ = [
    "LONGEST_QUESTION",
    "Citation",
    "Claim",
    "Inquiry",
    "Proposal",
    "Request",
    "Source",
    "Understood",
    "consult",
    "consult_many",
    "propose",
    "understand",
]

LONGEST_QUESTION = 4_000  # characters; the rest is not read
# Between two languages the chance that an article is the answer (see `bots.answering.chance`) is all that is known; it
# was fitted to such pairs. Below FOREIGN_FLOOR a person is asked, from FOREIGN_SURE on the first article is the answer;
# where the parts of search agree on it and it is ahead, from FOREIGN_AGREED on.
FOREIGN_FLOOR, FOREIGN_AGREED, FOREIGN_SURE = 0.33, 0.33, 0.45
AGREED, AHEAD = 0.66, 0.05  # of `agreement` and `margin`
ABROAD = 0.5  # of chance: where articles in the customer's language say nothing, another's must say it plainly
LOOSELY = 3  # first articles
SURELY = 0.45  # of chance: from here on an article may speak of a thing in other words
REMEMBERED = 12  # turns before the question


@dataclass(frozen=True)
class Inquiry:
    """One question with what was said before it, oldest first, since the conversation was last resolved.

    `before` is what remains of the time before that: what the customer had asked, newest last, between dots.
    """

    question: str
    history: Sequence[Turn] = ()
    inbox_id: int | None = None
    language: str | None = None
    reader: Readership = Reader.ANYBODY
    manner: Manner = NEUTRAL
    before: str = ""


def consult(
    *,
    question: str,
    history: Sequence[Turn] = (),
    inbox_id: int | None = None,
    language: str | None = None,
    reader: Readership = Reader.ANYBODY,
    manner: Manner = NEUTRAL,
    before: str = "",
    known: Encoders | None = None,
) -> Proposal:
    """The bot's proposal for one question. `language` counts where the words do not tell; what
    `reader` may not read is not even looked at."""
    inquiry = Inquiry(question, history, inbox_id, language, reader, manner, before)
    return consult_many([inquiry], known=known)[0]


def consult_many(inquiries: Sequence[Inquiry], *, known: Encoders | None = None) -> list[Proposal]:
    """The same for many questions, encoded together."""
    return [propose(one) for one in understand(inquiries, known=known)]


def understand(inquiries: Sequence[Inquiry], *, known: Encoders | None = None) -> list[Understood]:
    """The first half of `consult_many`, which computes and asks no database."""
    read = [Understood.of(inquiry) for inquiry in inquiries]
    wanted = [(one, text, code) for one in read for text, code in one.readings().items()]
    if wanted:
        texts = list(dict.fromkeys((text, code) for _, text, code in wanted))
        questions = encode(
            [t for t, _ in texts],
            [code for _, code in texts],
            known or encoders(),
            names_of=names_at_hand,
        )
        vectors = dict(zip(texts, questions, strict=True))
        for one, text, code in wanted:
            one.asked[text] = vectors[text, code]
    return read


@dataclass
class Understood:
    """A question as it was understood before anything was looked up.

    `text` stands alone; `apart` is the question without what was said before, where it may be a new
    topic (`loosely`: that it is short is all that speaks against it); `parts` are requests that may each
    have an answer of their own; `point` is what a long message asks, without its story. `language` is of the
    message as a whole.
    """

    inquiry: Inquiry
    said: str
    text: str
    language: str
    wish: Wish | None
    apart: str = ""
    loosely: bool = False
    point: str = ""
    parts: tuple[str, ...] = ()
    asked: dict[str, Question] = field(default_factory=dict)

    @classmethod
    def of(cls, inquiry: Inquiry) -> Understood:
        said = inquiry.question[:LONGEST_QUESTION].replace("\0", " ").strip()
        history = [
            (turn.role, turn.text[:LONGEST_QUESTION]) for turn in inquiry.history[-REMEMBERED:]
        ]
        otherwise = (inquiry.language or "en").split("-")[0].lower()
        before = next((text for role, text in reversed(history) if role == "customer"), None)
        if before:
            otherwise = language_of(before, otherwise=otherwise)
        reading = read(said, told_before(history, inquiry.before))
        wish = wish_of(said) if reading.text == said or reading.loosely else None
        if wish is None and any(r == "bot" for r, _ in history) and says_it_did_not_help(said):
            wish = Wish.UNHELPED
        point = point_of(said) if wish is None else ""
        parts = parts_of(said) if wish is None and not point else ()
        return cls(
            inquiry,
            said,
            reading.text,
            language_of(said, otherwise=otherwise),
            wish,
            apart=said if reading.apart else "",
            loosely=reading.loosely,
            point=point,
            parts=parts if len(parts) > 1 else (),
        )

    def readings(self) -> dict[str, str]:
        """Everything that is looked up, with the language of each: who writes in two is asked in both."""
        if self.wish is not None:
            return {}
        pieces = [text for text in (self.point, *self.parts) if text]
        found = {text: language_of(text, otherwise=self.language) for text in pieces}
        return found | {text: self.language for text in (self.text, self.apart) if text}

    def turns_of(self, role: str) -> list[str]:
        return [turn.text for turn in self.inquiry.history if turn.role == role]


def propose(one: Understood) -> Proposal:
    """The second half: look up, and decide."""
    manner = one.inquiry.manner
    if one.wish != Wish.HUMAN and (found := fixed_answer(manner, one.said, one.language)):
        return fixed(found, one.language, manner)
    if one.wish is not None:
        return plain(decide(None, one.wish), one.language, manner, wish=str(one.wish))
    known = corpus()
    look = _abroad(one, _best_look(one, known), known)
    proposal = None
    if len(one.parts) > 1:
        looks = [_abroad(one, _look(one, part, known), known) for part in one.parts]
        proposal = several(look, looks, manner, known)
        look = agreed(look, looks, manner)
    proposal = proposal or single(look, manner, known)
    return replace(proposal, knowledge=known.stamp, fitted=known.fits.chance)


def _best_look(one: Understood, known: Corpus) -> Look:
    """The reading of the whole message that is likeliest to be answered."""
    look = _look(one, one.text, known)
    if one.point:
        looks = (look, _look(one, one.point, known))
        return replace(max(looks, key=lambda one: one.chance), focus=one.point)
    if not one.apart:
        return look
    apart = _look(one, one.apart, known)
    if not one.loosely:
        return max(look, apart, key=lambda one: one.chance)
    # Short, and nothing points back: it is about what was said before if that has an answer which came near anyway.
    near = {hit.family for hit in apart.hits[:LOOSELY]}
    answered = look.decision.choice == "answer" and look.hits[0].family in near
    return look if answered and apart.decision.choice != "answer" else apart


def _abroad(one: Understood, look: Look, known: Corpus) -> Look:
    """What only another language has an article about is answered from that."""
    own = look.signals.get("language", 0.0)
    if (
        not own
        or look.decision.choice == "answer"
        or look.decision.reason in {"loop", "frustrated"}
    ):
        return look
    other = _look(one, look.text, known, abroad=True)
    if other.decision.choice != "answer" or other.chance < max(ABROAD, look.chance):
        return look
    translated = Article.objects.filter(
        family=other.hits[0].family,
        state=Article.State.PUBLISHED,
        language__startswith=look.language.split("-")[0],
    )
    return look if translated.exists() else other


def _look(one: Understood, text: str, known: Corpus, *, abroad: bool = False) -> Look:
    """One reading of a question: the articles, and what is decided on them."""
    about, asked = one.inquiry, one.asked[text]
    hits = search(asked, known=known, inbox_id=about.inbox_id, reader=about.reader, abroad=abroad)
    if not hits:
        return Look(text, decide(None), asked.language)
    intent = known.intents.of(asked.vector, asked.english)
    found = signals(asked, hits, known)
    chance = chance_of(found, known.fits.chance)
    look = Look(text, decide(None), asked.language, hits, chance, found)
    evidence = _evidence(one, look, floor_of(asked, hits[0], known))
    if _is_not_sold(text, look):
        return replace(
            look, decision=replace(look.decision, reason="out_of_scope"), evidence=evidence
        )
    found |= {"intent_probability": intent.probability, "intent_entropy": intent.entropy}
    return replace(
        look,
        intent=intent,
        evidence=evidence,
        decision=decide(evidence, None, about.manner),
        focus=one.said if text != one.said and text.endswith(one.said) else "",
        told=tuple(one.turns_of("bot")),
    )


def _is_not_sold(text: str, look: Look) -> bool:
    """“Do you sell aeroplanes?” is not answered by an article that knows no aeroplanes, however near
    it comes in all the other words."""
    first = look.hits[0]
    wanted = thing_wanted(text)
    if not wanted or look.chance >= SURELY or not look.signals["language"]:
        return False
    return not any(word in first.found for word in wanted)


def _evidence(one: Understood, look: Look, floor: float) -> Evidence:
    earlier, told = one.turns_of("customer"), one.turns_of("bot")
    cross = crossness(one.said) + 0.3 * max(trend(one.said, earlier), 0.0) if told else 0.0
    rivals = len(look.close()) - 1
    if look.signals["language"]:
        found = Evidence(
            answerable=look.signals["answerable"],
            right=look.signals["right"],
            floor=floor,
            sure=calibration().sure,
            rivals=rivals,
            chance=look.chance,
        )
    else:
        found = evidence_between_languages(look.chance, look.signals, rivals=rivals)
    return replace(
        found,
        repeats=repeats(one.said, earlier),
        told=len(told) > 0,
        asked_back=bool(told) and told[-1].rstrip().endswith(("?", "？")),
        cross=min(cross, 1.0),
    )


def evidence_between_languages(
    chance: float, found: Mapping[str, float], *, rivals: int
) -> Evidence:
    """What is known where the question and the nearest article are of two languages."""
    agreed = found["agreement"] >= AGREED and found["margin"] >= AHEAD
    sure = FOREIGN_AGREED if agreed else FOREIGN_SURE
    return Evidence(chance, chance, FOREIGN_FLOOR, sure, rivals, chance)
