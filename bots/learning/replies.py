"""What people answered, as an article would say it: without greetings, promises to look, and names. Pure."""

from __future__ import annotations

import re

from bots.knowledge.chunk import plain, sentences

LONGEST = 1_500  # characters of an answer
_EMPTY = re.compile(
    r"^\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|welcome|greetings|thanks?|thank you"
    r"|you'?re welcome|no problem|my pleasure|sure|of course|certainly|great|okay?|perfect|absolutely"
    r"|sorry|apolog|i(?:'m| am) (?:sorry|happy|glad|going to (?:check|look))|i apologi[sz]e"
    r"|(?:please )?(?:one|a) (?:moment|second|minute)|let me|i(?:'ll| will) (?:check|look|see|find|get back)"
    r"|(?:can|could|may) i have your|(?:can|could) you (?:please )?(?:tell|give|send|confirm)|how (?:can|may) i help"
    r"|is there anything|anything else|have a (?:nice|good|great)|bye|goodbye|take care|best regards|kind regards"
    r"|(?:您|你)好|谢谢|感谢|不客气|请稍等|稍等|好的|抱歉|对不起|我(?:帮您|来)?(?:查|看)一?下|还有(?:什么|其他)|祝您|再见|请问您的)",
    re.IGNORECASE,
)
_HELD = re.compile(r"\[[A-Z]+(?: \d{1,6})?\]")
_OWN_CASE = re.compile(
    r"\b(?:your (?:order|parcel|account|refund|invoice|payment|card) (?:is|was|has been|will be)"
    r"|i (?:have|'ve|just)|i can see|i see (?:that|here)|we(?:'ve| have) (?:just )?(?:sent|refunded|cancelled|changed))\b"
    r"|我(?:已经|刚刚?|这边)|您的(?:订单|包裹|账户|退款)(?:已|在|是)",
    re.IGNORECASE,
)


def answer_in(reply: str) -> str:
    """The sentences of a person's reply that would serve the next customer, too; "" when there are none.

    Left out is what is polite, what promises to look, what asks back, what speaks of this customer's own
    case, and what holds personal data (a placeholder stands there).
    """
    kept: list[str] = []
    for span in sentences(reply):
        text = plain(reply[span.start : span.end])
        if text and not _speaks_to_one(text):
            kept.append(text)
    said = " ".join(kept)
    return said if len(said) <= LONGEST else said[:LONGEST].rsplit(" ", 1)[0]


def _speaks_to_one(sentence: str) -> bool:
    return bool(
        _EMPTY.match(sentence)
        or _HELD.search(sentence)
        or _OWN_CASE.search(sentence)
        or sentence.endswith(("?", "？"))
        or (len(sentence.split()) < 3 and len(sentence) < 8)
    )
