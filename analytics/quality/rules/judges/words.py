"""Judges of manners: they look for words, in English and Chinese first, then in some others."""

from __future__ import annotations

import re
from collections.abc import Iterable

from analytics.quality.rules.talk import Line, Part, Span, Verdict, does_not_apply, whole

OPENING = 2  # lines in which one greets and says who one is
CLOSING = 3  # lines in which one says goodbye
CROSS = 0.45  # from here on a customer is unhappy

GREETING = re.compile(
    r"\b(?:h[ia]i+|hel+o|hey|hiya|greetings|welcome|good ?(?:morning|afternoon|evening|day)|dear|g'?day"
    r"|(?:thanks|thank you) for (?:contacting|reaching|calling|getting in touch|messaging|writing|chatting|waiting|your (?:message|patience))"
    r"|bonjour|bonsoir|hallo|guten (?:tag|morgen|abend)|hola|buen[oa]s (?:d[ií]as|tardes|noches))\b"
    r"|您好|你好|早上好|上午好|下午好|晚上好|亲(?:亲|爱的)?[,，~～!！ ]|欢迎|感谢您?(?:的)?(?:来电|联系|咨询|耐心等待)|在的|客官",
    re.IGNORECASE,
)
INTRODUCED = re.compile(
    r"\b(?:my name(?:'s| is)|i(?:'m| am) [A-Z]\w+|this is [A-Z]\w+|[A-Z]\w+ (?:here|speaking)\b|you(?:'re| are) (?:speaking|chatting) (?:with|to)"
    r"|je m'appelle|ich bin|mein name ist|me llamo|soy)|\^[A-Z]{2,3}\b"
    r"|我是|我叫|这里是|(?:客服|工号|顾问|专员)\s*\S{0,8}?(?:为您服务|很高兴)|为您服务"
)
GOODBYE = re.compile(
    r"\b(?:(?:anything|something) else|(?:any|some) (?:other|further|more) (?:questions?|help|concerns?|issues?)|further assistance"
    r"|(?:have|enjoy) (?:a|an|the rest|your) [\w ]{0,24}(?:day|one|evening|weekend|night|afternoon|morning|time)|take care|good ?bye|bye+"
    r"|(?:thanks|thank you|thx) (?:so much |very much |again )?for (?:contacting|reaching|calling|chatting|shopping|being|choosing|your|using|letting)"
    r"|you(?:'re| are) (?:very |most )?welcome|my pleasure|(?:glad|happy) (?:i|we|that|to) [\w ]{0,16}help|let (?:us|me) know if|feel free to|don'?t hesitate"
    r"|au revoir|bonne journ[ée]e|auf wiedersehen|sch[öo]nen tag|hasta luego|buen d[ií]a)\b"
    r"|还有(?:什么|其他|其它|别的)[^。？?]{0,6}(?:帮|需要|问题|疑问|吩咐)|(?:其他|其它|别的)(?:问题|需要|可以)|祝(?:您|你|生活|购物)|再见|拜拜|感谢(?:您|你)|谢谢(?:您|你)|客气|不用谢|很高兴(?:为|能)"
    r"|随时(?:联系|咨询|找)|有(?:任何|什么)?(?:问题|需要)[^。]{0,8}(?:联系|找|咨询|再来)|欢迎(?:您|你)?(?:下次|再次)",
    re.IGNORECASE,
)
COURTEOUS = re.compile(
    r"\b(?:please|thank(?:s| you)|sorry|apolog\w+|excuse me|welcome|pleasure|(?:happy|glad) to|may i|could you|would you|of course|certainly"
    r"|absolutely|no problem|kindly|appreciate\w*|understand|sure thing|let me|s'il vous pla[iî]t|merci|bitte|danke|por favor|gracias)\b"
    r"|请|谢谢|感谢|抱歉|对不起|不好意思|麻烦您?|您|当然|没问题|好的|理解|不客气|辛苦|稍等|帮您|为您",
    re.IGNORECASE,
)
RUDE = re.compile(
    r"\b(?:shut up|stupid|idiot\w*|moron\w*|dumb\w*|whatever|not my (?:problem|job|fault)|calm down|stop (?:whining|complaining|asking|bothering|wasting)"
    r"|your (?:own )?(?:fault|problem)|(?:are|r) you (?:deaf|blind|stupid|kidding)|(?:can'?t|don'?t) you read|i don'?t care|who cares|read the (?:manual|page|site) yourself"
    r"|go away|get lost|as i(?:'ve| have)? (?:already )?(?:said|told)|like i said|waste of my time|deal with it|figure it out yourself|hurry up|bullshit|crap|damn|wtf)\b"
    r"|关我(?:什么|屁|啥)事|不关我|爱(?:买|要|信)不|自己(?:看|查|想办法|去问)|你(?:瞎|聋|傻|蠢|有病|烦不烦)|闭嘴|滚|随便你|我也没办法|急什么|别(?:烦|再问)|有完没完|神经病|废话|没(?:长)?眼睛|听不懂人话|不是(?:已经)?说过了吗",
    re.IGNORECASE,
)
EMPATHY = re.compile(
    r"\b(?:sorry|apolog\w+|understand (?:how|your|that|why|the)|(?:completely|totally|fully|do|can) understand|i understand|i hear you|(?:must|can) be (?:\w+ )?(?:frustrat\w+|annoy\w+|upset\w*|difficult|hard|disappoint\w+)"
    r"|(?:how|that'?s|that is|sounds?) (?:\w+ )?(?:frustrat\w+|annoy\w+|disappoint\w+|inconvenien\w+|awful|terrible)|regret|(?:hate|sad|sorry) to (?:hear|see|learn|know)|inconvenience|your patience"
    r"|d[ée]sol[ée]|pardon|entschuldig\w+|tut mir leid|lo siento|disculp\w+|lamento)\b"
    r"|抱歉|对不起|不好意思|理解(?:您|你)|非常理解|能理解|体谅|给您(?:带来|添)|让您(?:久等|失望|不愉快|担心)|您的心情|歉意|致歉|见谅",
    re.IGNORECASE,
)


def _hits(pattern: re.Pattern[str], lines: Iterable[Line]) -> list[Span]:
    return [Span(line.seq, *hit.span()) for line in lines for hit in pattern.finditer(line.text)]


def greets(part: Part) -> Verdict:
    """In their first lines."""
    first = part.mine[:OPENING]
    found = _hits(GREETING, first)[:1]
    if found:
        return Verdict(1.0, 0.95, tuple(found))
    return Verdict(0.0, 0.85, (whole(first[0]),), "No greeting in the first words.")


def introduces(part: Part) -> Verdict:
    """Says who is speaking, in the first lines."""
    first = part.mine[:OPENING]
    found = _hits(INTRODUCED, first)[:1]
    if not found:
        found = [
            Span(line.seq, at, at + len(name))
            for line in first
            for name in part.names
            if len(name) > 1 and (at := line.text.find(name)) >= 0
        ][:1]
    if found:
        return Verdict(1.0, 0.9, tuple(found))
    return Verdict(0.0, 0.85, (whole(first[0]),), "Did not say who is speaking.")


def closes(part: Part) -> Verdict:
    """Says goodbye, or asks what else there is, at the end of what they had to the end."""
    if part.ending.handed_on or not part.ending.is_last_holder:
        return does_not_apply("It was handed on.")
    last = part.mine[-CLOSING:]
    found = _hits(GOODBYE, last)[-1:]
    if found:
        return Verdict(1.0, 0.9, tuple(found))
    if part.ending.by == "customer":
        return does_not_apply("The customer ended it.")
    return Verdict(0.0, 0.8, (whole(last[-1]),), "No closing words.")


def polite(part: Part) -> Verdict:
    """Courtesy a line, and nothing rude: one rude word outweighs the rest."""
    rude = _hits(RUDE, part.mine)
    if rude:
        return Verdict(0.0, 0.8, tuple(rude[:3]), "Words that sound rude.")
    found = _hits(COURTEOUS, part.mine)
    lines = len({span.seq for span in found})
    share = lines / len(part.mine)
    signal = min(1.0, 0.5 + share)
    if not found:
        return Verdict(0.4, 0.6, (whole(part.mine[0]),), "No courteous words.")
    return Verdict(signal, 0.75, tuple(found[:3]))


def empathises(part: Part) -> Verdict:
    """Where the customer was unhappy, the next words acknowledge it."""
    upset = [line for line in part.to_me if part.ground.crossness(line) >= CROSS]
    if not upset:
        return does_not_apply("The customer was not unhappy.")
    told: list[tuple[Line, list[Span]]] = []
    missed: list[tuple[Line, list[Span]]] = []
    for line in upset:
        after = [one for one in part.mine if one.seq > line.seq][:2]
        found = _hits(EMPATHY, after)[:1]
        (told if found else missed).append((line, found))
    shown = [span for _, found in told for span in found] or [whole(line) for line, _ in missed[:2]]
    signal = len(told) / len(upset)
    return Verdict(signal, 0.75, tuple(shown[:3]), "" if told else "Nothing acknowledged it.")
