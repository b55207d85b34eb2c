"""Several requests in one message: where one ends and the next begins. Pure, English and Chinese.

What is found here are candidates; whether they are requests of their own is decided when it is known
which articles answer them (`bots.queries`).
"""

import re

from bots.answering.context import points_back
from bots.knowledge.text import COMMON_WORDS, tokens

MOST = 4  # of a message; what follows stays with the last one
FEWEST = 2  # words that tell something

_HEADS = (
    r"(?:how|what|when|where|why|who|whom|whose|which|can|could|do|does|did|is|are|am|was|were|will|would|may"
    r"|should|shall|must|has|have|i (?:also )?(?:want|need|would like|wonder|have to)|i['’]d (?:also )?like|please"
    r"|tell me|let me know|wie|was|wann|wo|warum|kann|können|comment|quand|où|pourquoi|est-ce|cómo|cuándo|dónde|qué|puedo)"
)
_DEEDS = (
    r"(?:cancel|change|track|return|refund|reset|update|delete|create|send|order|exchange|activate|block|close|open|pay"
    r"|get|find|check|see|buy|book|report|register|unsubscribe|subscribe|download|add|remove|switch|transfer)"
)
_HEAD = re.compile(rf"^\W*(?:(?:and|also|or|plus|then|und|et|y)\b\W*)*{_HEADS}\b", re.IGNORECASE)
_DEED = re.compile(rf"^\W*(?:(?:and|also|plus|then)\b\W*)*{_DEEDS}\b", re.IGNORECASE)
_ENDS = re.compile(
    r"(?<=[?!])\s+|(?<=[a-zà-ÿ)\"”])(?<!\bmr)(?<!\bms)(?<!\bmrs)(?<!\bdr)(?<!\bno)(?<!\bvs)(?<!\bst)\.\s+|(?<=[？！。；?!;])|\n+",
    re.IGNORECASE,
)
_JOINS = re.compile(
    rf"\s*[,;]?\s+(?:and|plus|und|et|y)(?:\s+(?:also|then|auch|aussi|también))?,?\s+(?={_HEADS}\b)"
    rf"|\s*[,;]\s+(?:also|plus|besides|another (?:thing|question),?)\s+(?={_HEADS}\b)"
    rf"|\s*,?\s+and\s+(?:also\s+|then\s+)?(?={_DEEDS}\s+\w+)",
    re.IGNORECASE,
)
# “Can I …, how much is …, and do you …?”: in such a list a comma alone is between two of them.
_LISTED = re.compile(rf"\s*,\s+(?={_HEADS}\b)", re.IGNORECASE)
_LEADS = re.compile(
    r"^\W*(?:(?:and|but|so)\W+)*(?:if|when|once|after|before|because|since|as|while|although|in case|where|unless)\b",
    re.IGNORECASE,
)
# A clause in Latin letters that asks, in a sentence with Chinese around it.
_CLAUSE = re.compile(
    rf"(?:^|(?<=[\u4e00-\u9fff，、；,;\s])){_HEADS}\b[^\u4e00-\u9fff，、]*", re.IGNORECASE
)
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|\[[A-Z]+ \d+\]")
_HAN = re.compile("[\u4e00-\u9fff]")
_HAN_JOINS = re.compile(
    r"[，,、]\s*(?:另外|还有|顺便(?:问一下|问下|问)?|以及|同时|此外|然后|再问一下|还想(?:问|知道))[，,：:]?\s*|[，,]\s*"
)
_HAN_ASKS = re.compile(
    r"怎么|如何|怎样|多久|多少|多长|什么|哪|吗|呢|能不能|可不可以|是否|是不是|有没有|几[天个点小次]|为什么|为何|可以|我[想要]|请|帮我|需要"
)
_FILLERS = re.compile(
    r"^\W*(?:(?:can|could) you (?:please )?(?:help|tell|assist)(?: me)?(?: (?:please|with (?:this|that|it)))?"
    r"|please (?:help|advise|assist)(?: me)?|thank(?:s| you).*|is that (?:ok|right|possible)|any ideas?|what (?:do|should|can) i do"
    r"|why is that|how come|请问|谢谢.*|帮帮我|怎么办|为什么)\W*$",
    re.IGNORECASE,
)


_TO_THE_POINT = re.compile(
    r"\b(?:what i (?:really |actually )?(?:want(?:ed)?|need(?:ed)?|would like)(?: to (?:ask|know))?(?: (?:you )?(?:is|was))?"
    r"|my (?:actual |real |main )?question (?:is|was|would be)|i (?:was|am|'m) (?:just )?wondering|i wonder"
    r"|i(?:'d| would) (?:just )?(?:like|love) to know|i (?:just )?(?:want(?:ed)?|need) to (?:know|ask)|(?:can|could) you (?:please )?tell me"
    r"|meine frage (?:ist|ware)|ich (?:wollte|mochte) (?:nur )?(?:wissen|fragen)|ma question est|je voulais savoir|mi pregunta es|quer[ií]a saber)"
    r"[\s,:]+(?=(?:if|whether|how|what|when|where|who|which|why|about|is|are|can|could|do|does|ob|wie|was|wann|wo|si|comment|quand|c[oó]mo|cu[aá]ndo|\w+))"
    r"|(?:我(?:就|只|其实)?(?:是)?想(?:问|知道|咨询)(?:一下|下)?(?:的是)?|请问(?:一下)?)[，,：:]?",
    re.IGNORECASE,
)
LONG = 30  # words; a Chinese character counts as half: who writes so many tells a story


def point_of(message: str) -> str:
    """What a long message asks, without the story around it; empty when it is short, or when nothing
    shows where the question is."""
    if _length(message) < LONG:
        return ""
    tails = [found.end() for found in _TO_THE_POINT.finditer(message)]
    if tails:
        tail = re.split(r"(?<=[?？])", message[tails[-1] :].strip())[0]
        return tail if says_what_about(tail) and _length(tail) < _length(message) else ""
    pieces = _pieces(message)
    asking = [place for place, piece in enumerate(pieces) if asks(piece)]
    if len(asking) != 1:
        return ""
    point = " ".join(pieces[max(0, asking[0] - 1) : asking[0] + 1])  # with what led to it
    return point if 2 * _length(point) < _length(message) else ""


def _length(text: str) -> float:
    return len(_HAN.findall(text)) / 2 + len(re.findall(r"[^\W\u4e00-\u9fff]+", text))


_SELLS = re.compile(
    r"^\W*(?:(?:hi|hello|hey|ok|so|and|please|sorry)\W+)*(?:do|can|could) (?:you|i|we)(?: guys)?(?: also| even| still)? (?:sell|stock|carry|buy|offer|order|get)"
    r" (?P<en>[\w' -]{3,60}?)(?: (?:here|from you|in your (?:shop|store)s?|at your (?:shop|store)s?|too|as well|online))*\W*$"
    r"|^\W*(?:请问|你好|您好)?\W*(?:你们|您们|你们家|你家|贵店|店里|这里|这儿)*(?:这里|这儿|店里|家)?(?:也|还)?(?:卖不卖|有没有卖|有卖|在卖|卖|出售|销售)"
    r"(?P<zh>[\u4e00-\u9fff\w]{1,12}?)(?:的|呢)?(?:吗|么|嘛|呢|不)?\W*$",
    re.IGNORECASE,
)


def thing_wanted(question: str) -> frozenset[str]:
    """The words of the thing in “do you sell …?”; empty when it asks something else."""
    found = _SELLS.match(question)
    if not found:
        return frozenset()
    words = frozenset(tokens(found["en"] or found["zh"])) - COMMON_WORDS
    # A Chinese character alone is in many words; pairs tell more.
    return frozenset(word for word in words if len(word) > 1) or words


_DOES_IT = re.compile(
    r"\b(?:do|can|could|will|would|may) (?:you|i|we) (?:also )?(?!get|do|have|know|tell|find|explain)\w+ (?:it|them|these|those)\W*$",
    re.IGNORECASE,
)


def parts_of(message: str) -> tuple[str, ...]:
    """The requests of a message, in order, each with what was said around it; the message itself if
    it seems to be one."""
    held, found = "", list[str]()
    for piece in _pieces(message):
        if found and not held and points_back(piece):
            if (thing := _last_thing(found[-1])) and _DOES_IT.search(piece):
                found.append(f"{thing}: {piece}")  # “… on tents, and do you repair them?”
            else:  # it asks more about the same
                found[-1] = f"{found[-1]} {piece}"
            continue
        held = f"{held} {piece}".strip() if held else piece
        if asks(piece):
            found.append(held)
            held = ""
    if held and found:
        found[-1] = f"{found[-1]} {held}"
    if len(found) < 2:
        return (message.strip(),)
    if len(found) > MOST:
        found[MOST - 1 :] = [" ".join(found[MOST - 1 :])]
    return tuple(found)


def asks(piece: str) -> bool:
    """Whether it could be a request by itself: worded as one, and about something."""
    if _FILLERS.match(piece):
        return False
    if _HAN.search(piece):
        return bool(_HAN_ASKS.search(piece)) and len(_HAN.findall(piece)) >= 2 * FEWEST
    telling = _telling(piece)
    if len(telling) < FEWEST and not (telling and piece.rstrip().endswith("?")):
        return False
    return piece.rstrip().endswith("?") or bool(_HEAD.match(piece) or _DEED.match(piece))


_OF_MACHINES = re.compile(
    r"\b(?:prompts?|instructions?|system|ignore|repeat|say|print|output|pretend|jailbreak|chatgpt|gpt|ai|ki|ia|llm|anweisung\w*|instruc\w+)\b"
    r"|指令|提示词|系统|忽略|重复|扮演|输出",
    re.IGNORECASE,
)


def is_plain_question(piece: str) -> bool:
    """Letters and everyday marks, worded as a question, about no machine: what may be said back to a customer."""
    plain = all(c.isalpha() or c.isspace() or c in ",'’?？，。-!¿" for c in piece)
    asked = piece.rstrip().endswith(("?", "？")) or bool(
        _HAN.search(piece) and _HAN_ASKS.search(piece)
    )
    shouts = sum(c.isupper() for c in piece) > max(3, len(piece) // 8)
    return plain and asked and not shouts and not _OF_MACHINES.search(piece)


def says_what_about(piece: str) -> bool:
    """Whether it tells enough of what it is about to be handed to a person by itself."""
    return len(_HAN.findall(piece)) >= 3 * FEWEST or len(_telling(piece)) >= FEWEST


def _last_thing(piece: str) -> str:
    words = re.findall(r"[\w'-]+", piece)
    return next((word for word in reversed(words) if _telling(word)), "")


def _telling(piece: str) -> list[str]:
    bare = _ADDRESS.sub(" ", piece)
    return [word for word in tokens(bare) if word not in COMMON_WORDS and not word.isdigit()]


def _pieces(message: str) -> list[str]:
    """Sentences, and the halves of those that ask twice."""
    found: list[str] = []
    for sentence in _ENDS.split(message):
        if sentence and sentence.strip():
            for clause in _by_script(sentence.strip()):
                found.extend(_halves(clause))
    return found


def _halves(sentence: str) -> list[str]:
    is_han = bool(_HAN.search(sentence))
    joins = _HAN_JOINS if is_han else _JOINS
    halves = [half.strip() for half in joins.split(sentence) if half.strip()]
    if len(halves) > 1 and not is_han:
        halves = [one for half in halves for one in _of_a_list(half)]
    halves = _questions(halves, sentence)
    return halves if sum(map(asks, halves)) > 1 else [sentence]


def _of_a_list(half: str) -> list[str]:
    """“If I return it, do I get …” is one, whatever comes after it."""
    pieces = _LISTED.split(half)
    is_list = all(map(asks, pieces)) and not any(map(_LEADS.match, pieces))
    return pieces if is_list else [half]


def _by_script(sentence: str) -> list[str]:
    """“Do you ship to Norway 靴子可以退货吗” are two, each in its script; “PayPal 可以吗” is one."""
    clause = _CLAUSE.search(sentence) if _HAN.search(sentence) else None
    if clause is None:
        return [sentence]
    around = (sentence[: clause.start()], clause.group(), sentence[clause.end() :])
    pieces = _questions([one for part in around if (one := part.strip(" ,，、;；"))], sentence)
    return pieces if len(pieces) > 1 and all(map(asks, pieces)) else [sentence]


def _questions(pieces: list[str], sentence: str) -> list[str]:
    """Where a sentence is a question, each piece of it is."""
    if not sentence.rstrip().endswith(("?", "？")):
        return pieces
    return [one if one.endswith(("?", "？")) else f"{one}?" for one in pieces]
