"""What a customer's message does to a procedure, whatever is being asked: yes, no, stop, rather this. Pure."""

from __future__ import annotations

import re
import unicodedata

_POLITE = (
    r"please|thanks|thank you|thx|pls|that'?s (?:right|correct|fine|all)|right|correct|exactly|it is|i am|i do|indeed|go ahead"
    r"|do it|do that|go for it|of course|absolutely|definitely|perfect|great|fine|good|ok|okay|sounds good|lovely|cool|confirm|confirmed"
    r"|then|now|just|really|well|oh|hm+|so|um+|谢谢|麻烦了?|请|吧|的|了|啊|哦|呢|嗯|那就|那|就"
)
_YES_WORD = (
    r"y|yes|yeah|yep|yup|yess+|ye|yse|yea|sure|ok|okay|okey|o\.?k\.?|alright|all right|correct|right|exactly|confirm(?:ed)?|agreed?|please do|go ahead|do it"
    r"|sounds (?:good|great|fine)|of course|absolutely|definitely|certainly|indeed|that'?s (?:right|correct|fine|it|good)|i (?:do|am|confirm|agree)|it is|why not|perfect|great|fine"
    r"|是的?|对的?|好的?|好吧|可以的?|行的?|没错|没问题|确认|确定|同意|嗯+|要的?|当然|正确|好呀|好啊|需要|就这样|可以了|ja|oui|si|sí"
)
_NO_WORD = (
    r"n|no+|nope|nah|not (?:really|now|yet|today)|don'?t(?: do (?:it|that))?|do not|no way|never|rather not|i don'?t(?: (?:think so|want(?: (?:it|that|to))?|agree))?|wrong|incorrect"
    r"|that'?s (?:wrong|not (?:right|correct|it))|not correct|not right|please don'?t|no thanks?|no thank you"
    r"|不是的?|不用了?|不要了?|不行|不对|不好|不|别|没有|先不|暂时不用?|不需要|不同意|不确认|错了?|不可以|不了|算了吧?|nein|non"
)
_FILLER = r"[\s,.!;:~，。！；、…👍🙏😊🙂]"
_YES = re.compile(
    rf"^{_FILLER}*(?:(?:{_POLITE}){_FILLER}+)*(?:{_YES_WORD})(?:{_FILLER}*(?:{_YES_WORD}|{_POLITE}))*{_FILLER}*$",
    re.IGNORECASE,
)
_NO = re.compile(
    rf"^{_FILLER}*(?:(?:um+|oh|hm+|well|sorry|actually){_FILLER}+)*(?:{_NO_WORD})(?:{_FILLER}*(?:{_NO_WORD}|please|thanks?|thank you|谢谢|吧|了|啊)(?![a-z]))*{_FILLER}*$",
    re.IGNORECASE,
)
_YES_FIRST = re.compile(rf"^{_FILLER}*(?:{_YES_WORD})(?![a-z])", re.IGNORECASE)
_NO_FIRST = re.compile(rf"^{_FILLER}*(?:{_NO_WORD})(?![a-z])", re.IGNORECASE)

_STOP = re.compile(
    r"^\W*(?:(?:no|oh|ok(?:ay)?|sorry|well|actually|wait|hm+|please|you know what|let'?s|just|then|on second thoughts?|i think)\W+)*"
    r"(?:cancel|cancel (?:this|it|that|everything)|stop|stop (?:it|this|that)|quit|exit|abort|never ?mind|forget (?:it|about it|this|that)|leave it|drop it"
    r"|i(?:'ve| have)? changed my mind|i (?:don'?t|do not) want (?:to|it|this|that)(?: (?:do (?:it|this|that)|anymore|any more))*|not any ?more|no longer needed|i(?:'ll| will) (?:do it|come back|try) later"
    r"|another time|maybe later|let'?s (?:stop|leave it|not)|i give up|don'?t bother|skip the whole thing)"
    r"(?:\W+(?:please|thanks?|thank you|now|then|sorry|after all|for now|i changed my mind|i don'?t want (?:it|this) anymore))*\W*$"
    r"|^\W*(?:那|还是|我|请|先)*\s*(?:算了|不弄了|不办了|不要了|取消(?:吧|操作|办理|了)?|停(?:止|下)?|不想(?:弄|办|要|继续)了|我?改(?:变)?主意了|下次再说|以后再说|不继续了|退出)(?:吧|了|啊|谢谢|[\s,，。！])*$",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"\b(?:no,? (?:i|it|the|make|not|sorry)|i mean[t]?|actually|rather|instead|correction|sorry,? (?:it'?s|it is|the|i|not|make|that)|my (?:mistake|bad)|wait|change (?:it|the|that|my)|make (?:it|that)|should be"
    r"|should have been|not .{1,30} but|typo|was wrong|is wrong|oops|better|let'?s (?:say|make|do)|switch to)\b"
    r"|不对|不是.{0,12}(?:是|而是)|应该是|改成|改为|改到|换成|我是说|说错了|写错了|搞错了|更正|其实|等等|还是.{1,12}吧",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:i (?:just |really |only )?(?:want|need|prefer|would like)|i'd (?:like|rather have|prefer)|get me|give me|send me|let me have)(?: to (?:have|get))?"
    r" (?:an?|some|the) (?:real |actual |live |human )*(?:person|human|agent|representative|colleague|operator)\b",
    re.IGNORECASE,
)
_SKIP = re.compile(
    r"^\W*(?:skip(?: (?:it|this|that))?|none|nothing|no|nope|not needed|n/?a|without|leave (?:it )?(?:empty|blank|out)|no thanks?|i don'?t have (?:one|any)|跳过|不用|没有|无|不需要|略过|不填)(?:\W+(?:please|thanks?|谢谢|了|吧))*\W*$",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^\W*(?:(?:and|but|also|so|ok|okay|hi|hello|wait|sorry|first|by the way|btw|one (?:more )?question|before that|um+|oh|hey|quick question|just (?:wondering|curious|one question)|i was wondering)\W+)*"
    r"(?:how|what|when|where|why|which|who|whose|do|does|did|is|are|was|can|could|will|would|should|may|must|have|has"
    r"|tell me|i(?:'d like| want| need) to know|i wonder)\b|(?:怎么|如何|多久|多少|什么|为什么|哪里|哪儿|哪个|几天|能不能|可不可以|是不是|有没有|是否)"
    r"|(?:吗|呢|么)\W*$",
    re.IGNORECASE,
)
_INFORMS = re.compile(
    r"^\W*(?:(?:and|but|also|so|by the way|btw|hi|hello)\W+)*(?:how (?:long|much|many|often|does|do|is|are|far|soon|late)|what(?:'s| is| are| does| happens| if| kind| counts)|when (?:do|does|is|are|will)|where (?:do|does|is|are)|why|which|who"
    r"|do (?:you|i have to)|does|is (?:it|there|the|this)|are (?:there|you|the))\b|多久|多少钱|什么时候|为什么|怎么算|要收费|收费吗",
    re.IGNORECASE,
)
_GREETS = re.compile(
    r"^(?:hi|hello|hey|there|good (?:morning|afternoon|evening|day)|thanks?|thank you|thx|ok(?:ay)?|great|cool|alright|got it|one (?:moment|second|sec)|wait|hold on|just a (?:moment|sec\w*|minute)|let me (?:check|look|see)|hm+|um+"
    r"|你好|您好|谢谢|好的?|嗯+|稍等|等一下|等等|我看看|我找一下|[\s,.!?~，。！？、👍🙏😊🙂])+$",
    re.IGNORECASE,
)
_ECHO_SMALL = re.compile(  # nothing that could mean something else: “but”, “not” and numbers are left in
    r"\b(?:please|thanks|thank|you|it|that|this|them|the|my|a|an|i|for|me|now|do|and|go|ahead|want|to|would|like|can|so|then|he|she)\b"
    r"|[请帮我把给的了吧这那它就您你]",
)
_WORD = re.compile(r"[a-z0-9']+|[\u4e00-\u9fff]")
_SENTENCE = re.compile(r"[^.!?。！？\n]+(?:[.](?=\S)[^.!?。！？\n]+)*[.!?。！？]*")


def folded(text: str) -> str:
    """Full-width signs as plain ones, odd quotes and dashes straight; other words stay as they are."""
    plain = unicodedata.normalize("NFKC", text[:4_000].replace("\0", " "))
    return re.sub(r"[‐‑‒–—−]", "-", plain.replace("’", "'").replace("‘", "'"))


def yes_or_no(text: str) -> bool | None:
    """What a whole message says; None where it says anything besides, for nothing is done on a maybe."""
    said = folded(text)
    if _NO.match(said):
        return False
    return True if _YES.match(said) else None


def agrees_to(text: str, question: str) -> bool:
    """“Yes, block it” to “Shall I block the card?”: a yes, and then nothing but words of the question."""
    said, asked = folded(text).lower(), folded(question).lower()
    first = _YES_FIRST.match(said)
    if first is None or "?" in said or corrects(said):
        return False
    rest = _ECHO_SMALL.sub(" ", said[first.end() :])
    known = set(_WORD.findall(asked))
    return all(word in known for word in _WORD.findall(rest))


def begins_with(text: str) -> bool | None:
    """The yes or no at the beginning of a longer message."""
    said = folded(text)
    if _NO_FIRST.match(said):
        return False
    return True if _YES_FIRST.match(said) else None


def gives_up(text: str) -> bool:
    return bool(_STOP.match(folded(text)))


def corrects(text: str) -> bool:
    return bool(_CORRECTS.search(folded(text)))


def wants_a_person(text: str) -> bool:
    """Short words for it that mean it only where something else was asked."""
    return bool(_PERSON.search(folded(text)))


def skips(text: str) -> bool:
    return bool(_SKIP.match(folded(text)))


def only_greets(text: str) -> bool:
    """Hello, thanks, one moment: no answer, but no misunderstanding either."""
    return bool(_GREETS.match(folded(text).strip()))


def asks(sentence: str) -> bool:
    """Whether a sentence is a question."""
    said = folded(sentence).strip()
    if said.endswith("?"):
        return len(said) > 3
    return bool(_ASKS.search(said)) and len(said) > 6


def wants_to_know(sentence: str) -> bool:
    """A question for something to be told, rather than done: “how long …”, not “can you …”."""
    return bool(_INFORMS.search(folded(sentence).strip()))


def sentences(text: str) -> list[str]:
    return [one.strip() for one in _SENTENCE.findall(text) if one.strip()]
