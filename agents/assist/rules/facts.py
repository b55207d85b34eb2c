"""What customers say of themselves that is worth knowing next time: plain statements in the first person,
in English and Chinese. Pure, and rather silent than wrong: a question, a condition, a negation, the past,
or somebody else in the same sentence, and nothing is taken from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LONGEST_TEXT = 2_000  # characters of a message that are read
LONGEST = 60  # of a value


@dataclass(frozen=True, slots=True)
class Fact:
    """`kind` as `CustomerFact` has them; `about` is which one of its kind (a garment, a device)."""

    kind: str
    value: str
    about: str = ""


_SENTENCE = re.compile(r"[^.!?。！？;；\n]+(?:\.(?=\d)[^.!?。！？;；\n]+)*[.!?。！？;；]*")
_ASKS = re.compile(r"[?？]\s*$|[吗呢]\s*[。?？]?\s*$")
_NOT_SO = re.compile(
    r"\b(?:if|unless|suppose|imagine|maybe|perhaps|might|used to|no longer|any ?more|not|n't|never|wrong|instead"
    r"|he|she|they|his|her|hers|their|somebody|someone|wife|husband|partner|son|daughter|kid|kids|child|children|baby"
    r"|friend|mother|mum|mom|father|dad|brother|sister|boss|colleague|dog|cat|said|says|typed|misspelled|misspelt)\b"
    r"|n't\b|如果|要是|假如|以前|曾经|不再|不是|没有|他|她|老婆|老公|妻子|丈夫|儿子|女儿|孩子|宝宝|朋友|妈|爸|父亲|母亲|哥|姐|弟|妹|同事",
    re.IGNORECASE,
)
_NAME = r"(?P<name>[A-Z][\w'’-]{1,24}(?: [A-Z][\w'’-]{0,24}){0,2})"
_NO_NAME = frozenset(
    re.findall(
        r"\S+",
        "back at on tomorrow today asap later again when please now any anytime monday tuesday wednesday thursday"
        " friday saturday sunday maybe i you",
    )
)
_LANGUAGES = {
    "english": "en", "german": "de", "french": "fr", "spanish": "es", "italian": "it", "portuguese": "pt",
    "dutch": "nl", "polish": "pl", "russian": "ru", "turkish": "tr", "arabic": "ar", "japanese": "ja",
    "korean": "ko", "chinese": "zh", "mandarin": "zh", "cantonese": "yue",
    "中文": "zh", "汉语": "zh", "普通话": "zh", "英文": "en", "英语": "en", "德语": "de", "法语": "fr",
    "西班牙语": "es", "日语": "ja", "日文": "ja", "韩语": "ko", "俄语": "ru", "粤语": "yue",
}  # fmt: skip
_LANGUAGE = "|".join(sorted(_LANGUAGES, key=len, reverse=True))
_BY = {
    "email": "e-mail", "e-mail": "e-mail", "mail": "e-mail", "phone": "phone", "telephone": "phone",
    "text": "text message", "text message": "text message", "sms": "text message", "chat": "chat",
    "whatsapp": "WhatsApp", "邮件": "e-mail", "电子邮件": "e-mail", "电话": "phone", "短信": "text message",
    "微信": "WeChat",
}  # fmt: skip
_CHANNEL = "|".join(sorted(_BY, key=len, reverse=True))
_GARMENT = re.compile(
    r"\b(?P<shoes>shoes?|boots?|sneakers?|trainers?|sandals?)\b|\b(?P<other>jackets?|coats?|shirts?|t-shirts?|trousers"
    r"|pants|jeans|dress(?:es)?|skirts?|gloves?|hats?|helmets?|rings?)\b"
    r"|(?P<zh_shoes>鞋|靴)|(?P<zh_other>外套|上衣|衬衫|裤子|裤|裙子|裙|手套|帽子)",
    re.IGNORECASE,
)
_ONE_OF_THEM = re.compile(
    r"(?<=jacket|helmet)s$|(?<=shirt|skirt)s$|(?<=coat|ring)s$|(?<=hat)s$|(?<=dress)es$"
)
_SIZES = r"(?P<size>(?:XXS|XS|XXXL|XXL|XL|[SML])\b|\d{1,3}(?:[.,]5)?\b|small\b|medium\b|large\b|extra large\b)"
_DEVICES = re.compile(
    r"(?P<phone>iPhone(?: (?:\d{1,2}|SE|XR|XS|X)\b(?: (?:Pro|Plus|Max|mini)\b){0,2})?|(?:Samsung )?Galaxy [A-Z]?\d{1,3}\w{0,5}"
    r"(?: (?:Ultra|Plus|FE)\b)?|(?:Google )?Pixel \d{1,2}\w?(?: (?:Pro|XL)\b)?|Huawei [A-Z]\w{1,10}(?: \d{1,3})?(?: Pro\b)?"
    r"|Xiaomi \w{1,10}|Redmi \w{1,10}(?: \w{1,5})?|OnePlus \w{1,6}|Fairphone \d|Android(?: \d{1,2})?\b"
    r"|华为\s?[A-Za-z]\w{0,8}(?: ?\d{1,3})?(?: ?Pro)?|小米\s?\d{1,2}\w{0,6}|红米\s?\w{1,8}|苹果手机|安卓手机)"
    r"|(?P<computer>MacBook(?: (?:Air|Pro)\b)?|ThinkPad(?: \w{1,5})?|Surface (?:Pro|Laptop|Go)(?: \d{1,2})?|Windows \d{1,2}"
    r"|Chromebook|Linux)|(?P<tablet>iPad(?: (?:Air|Pro|mini)\b)?|Galaxy Tab \w{1,4}|Kindle)",
    re.IGNORECASE,
)
_USES = re.compile(
    r"\b(?:i use|i'm using|i am using|i'm on|my (?:phone|mobile|laptop|tablet|computer|device|pc) is|on my|with my)"
    r" (?:a |an |the )?$|(?:我用的是|我在用|我用|我的(?:手机|电脑|平板|设备)是)\s*(?:一[台部个])?$",
    re.IGNORECASE,
)
_THINGS = r"[a-z][a-z -]{1,28}"
_EATEN = "pork|meat|beef|fish|gluten|dairy|nuts|eggs|seafood|shellfish"


def facts_in(text: str) -> list[Fact]:
    """In the order said; of two of the same kind about the same thing the last one counts."""
    found: dict[tuple[str, str], Fact] = {}
    for piece in _SENTENCE.findall(text[:LONGEST_TEXT].replace("’", "'")):
        sentence = " ".join(piece.split())
        for fact in _of_sentence(sentence):
            alike = fact.value.casefold() if fact.kind in {"allergy", "diet"} else fact.about
            found.pop((fact.kind, alike), None)
            found[fact.kind, alike] = fact
    return list(found.values())


def _of_sentence(sentence: str) -> Iterator[Fact]:
    # What is asked of us is often said as a question, and a refusal is a negation.
    yield from _contact(sentence)
    yield from _not_eaten(sentence)
    yield from _asked_language(sentence)
    if _ASKS.search(sentence) or _NOT_SO.search(sentence):
        return
    for read in _PLAIN:
        yield from read(sentence)


def _search(pattern: str, *, ignore: bool = True) -> Callable[[str], re.Match[str] | None]:
    return re.compile(pattern, re.IGNORECASE if ignore else 0).search


_says_no_calls = _search(
    r"\bplease (?:do not|don't|never) (?:call|phone|ring) me\b|(?:请|麻烦)?(?:不要|别)(?:给我)?打(?:我)?电话"
)
_says_channel = _search(
    rf"\bi(?:'d| would)? (?:prefer|rather)(?: to)?(?: be)?(?: contacted| reached| hear from you)?(?: by| via| through)? (?P<by>{_CHANNEL})\b"
    rf"|\bplease (?:contact|reach|answer|reply to) me (?:only )?(?:by|via|through) (?P<by2>{_CHANNEL})\b"
    rf"|请(?:用|通过|发)(?P<by3>{_CHANNEL})(?:联系我|给我|通知我|回复我)"
)
_wants_no_if = _search(r"\b(?:if|unless|he|she|they)\b|如果|要是|他|她")


def _contact(sentence: str) -> Iterator[Fact]:
    if _wants_no_if(sentence):
        return
    if _says_no_calls(sentence):
        yield Fact("contact", "no calls")
    elif (hit := _says_channel(sentence)) and not re.search(r"\b(?:not|n't)\b|不", sentence):
        by = hit["by"] or hit["by2"] or hit["by3"]
        yield Fact("contact", _BY[by.lower()])


_says_not_eaten = _search(
    rf"^\W*(?:and |but |also |hi,? |hello,? |please note,? )*i (?:do not|don't|cannot|can't) eat (?P<en>{_EATEN})\b"
    r"|我不(?:能)?吃(?P<zh>猪肉|牛肉|羊肉|肉|鱼|海鲜|鸡蛋|坚果|乳制品|辣|香菜)"
)


def _not_eaten(sentence: str) -> Iterator[Fact]:
    if (hit := _says_not_eaten(sentence)) and not _ASKS.search(sentence):
        yield Fact("diet", f"no {hit['en'].lower()}" if hit["en"] else f"不吃{hit['zh']}")


_asks_language = _search(
    rf"\b(?:please |can you |could you |can we |could we )(?:please )?(?:write|reply|answer|respond|speak|talk|chat|continue)"
    rf"(?: to me| with me)? (?:in )?(?P<en>{_LANGUAGE})\b"
    rf"|请(?:您|你)?(?:用|说|讲)(?P<zh>{_LANGUAGE})|(?:可以|能)(?:用|说|讲)(?P<zh2>{_LANGUAGE})(?:回复|回答|交流|沟通)?(?:我)?吗"
)


def _asked_language(sentence: str) -> Iterator[Fact]:
    if (hit := _asks_language(sentence)) and not _wants_no_if(sentence):
        word = hit["en"] or hit["zh"] or hit["zh2"]
        yield Fact("language", _LANGUAGES[word.lower()])


_says_language = _search(
    rf"\b(?:i (?:only|just) speak|i(?:'d| would)? prefer (?:to (?:speak|write|chat|talk)|speaking|writing)(?: in)?|my (?:native |first |mother )(?:language|tongue) is)"
    rf" (?P<en>{_LANGUAGE})\b|我(?:只会|只懂|更喜欢|习惯)(?:说|讲|用)?(?P<zh>{_LANGUAGE})"
)


def _language(sentence: str) -> Iterator[Fact]:
    if hit := _says_language(sentence):
        yield Fact("language", _LANGUAGES[(hit["en"] or hit["zh"]).lower()])


_says_name = _search(
    rf"\b(?:[Mm]y name is|[Mm]y name's|I am called|I'm called) {_NAME}", ignore=False
)
_says_called = _search(rf"\b(?:[Cc]all me|I go by|[Ee]verybody calls me) {_NAME}", ignore=False)
_zh_name = _search(
    r"(?:(?<![给帮替为让])我叫|我的名字是|我的名字叫)(?P<name>[\u4e00-\u9fff]{2,4})(?=[\s，。,.！!、]|$)"
)
_zh_called = _search(
    r"(?:请|可以|就)?叫我(?P<name>[\u4e00-\u9fff]{1,4}?|[A-Za-z]{2,20})(?:就行|就好|就可以|吧|即可)?(?=[\s，。,.！!]|$)"
)
_NO_ZH_NAME = re.compile(r"[了过的你您们快别不怎什去来等做车辆个]|客服|人工")


def _names(sentence: str) -> Iterator[Fact]:
    for kind, read, read_zh in (
        ("name", _says_name, _zh_name),
        ("called", _says_called, _zh_called),
    ):
        if hit := read(sentence):
            words = hit["name"].split()
            while words and words[-1].lower() in _NO_NAME:
                words.pop()
            if words and words[0].lower() not in _NO_NAME:
                yield Fact(kind, " ".join(words))
        elif (hit := read_zh(sentence)) and not _NO_ZH_NAME.search(hit["name"]):
            yield Fact(kind, hit["name"])


_says_place = _search(
    r"\b(?:I live in|I'm based in|I am based in|[Mm]y home is in) (?P<en>[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2})",
    ignore=False,
)
_zh_place = _search(
    r"我(?:住在|家在|在)(?P<zh>[\u4e00-\u9fff]{2,6}(?:市|省|区|县)|北京|上海|广州|深圳|杭州|成都|重庆|武汉|南京|西安|天津|苏州)(?=[\s，。,.！!住]|$)"
)


def _places(sentence: str) -> Iterator[Fact]:
    if hit := _says_place(sentence):
        yield Fact("place", hit["en"])
    elif hit := _zh_place(sentence):
        yield Fact("place", hit["zh"])


_says_size = _search(
    r"\bi (?:(?:usually|normally|always|generally) )?(?:wear|take)(?: a| an)?(?: size| shoe size| EU| US| UK)*"
    rf" {_SIZES}|\bi(?:'m| am)(?: usually| normally)? (?:a |an )?size {_SIZES.replace('<size>', '<size2>')}"
    rf"|\bmy (?:\w+ )?size is(?: a| an| EU| US| UK)* {_SIZES.replace('<size>', '<size3>')}"
)
_zh_size = _search(
    r"(?:我(?:平时|一般|通常)?(?:穿|戴)|我的(?:\w{0,4})?(?:尺码|鞋码|码数)是)(?P<size>\d{2,3}(?:\.5)?|XXS|XS|XXXL|XXL|XL|[SML])\s?码?"
)


def _sizes(sentence: str) -> Iterator[Fact]:
    if hit := _says_size(sentence):
        value = hit["size"] or hit["size2"] or hit["size3"]
    elif hit := _zh_size(sentence):
        value = hit["size"]
    else:
        return
    if value[0].isdigit() and " take " in sentence.lower() and "size" not in sentence.lower():
        return  # two of these, most likely
    value = value.upper() if len(value) <= 4 else value.lower()
    yield Fact("size", value, _garment(sentence))


def _garment(sentence: str) -> str:
    hit = _GARMENT.search(sentence)
    if hit is None:
        return "shoes" if "鞋码" in sentence else ""
    if hit["shoes"] or hit["zh_shoes"]:
        return "shoes"
    word = (hit["other"] or hit["zh_other"] or "").lower()
    return _ONE_OF_THEM.sub("", word)


def _devices(sentence: str) -> Iterator[Fact]:
    for hit in _DEVICES.finditer(sentence):
        if _USES.search(sentence[: hit.start()]):
            about = hit.lastgroup or ""
            yield Fact("device", hit.group().strip(), about)


_says_allergy = _search(
    rf"\bi(?:'m| am) (?:also |very |severely |highly )?allergic to (?P<of>{_THINGS}(?:, {_THINGS})*)|\bi have an? (?:severe )?(?P<has>[a-z]{{2,20}}(?: nut)?) allergy"
)
_zh_allergy = _search(r"我对(?P<of>[\u4e00-\u9fff、和]{1,12}?)(?:严重)?过敏")
_LIST = re.compile(r",\s*|\s+and\s+|\s+or\s+|\s*&\s*|、|和")
_FILLERS = re.compile(
    r"^(?:all |any |most |some |the )|(?: so| because| but| which| please| unfortunately| though)\b.*$"
)


def _allergies(sentence: str) -> Iterator[Fact]:
    if hit := _says_allergy(sentence):
        named = hit["of"] or hit["has"]
    elif hit := _zh_allergy(sentence):
        named = hit["of"]
    else:
        return
    for one in _LIST.split(named):
        what = _FILLERS.sub("", one.strip().lower()).strip(" -")
        if (
            what
            and len(what.split()) <= 3
            and what not in {"it", "this", "that", "them", "you", "work", "i"}
        ):
            yield Fact("allergy", what[:LONGEST])


_says_diet = _search(
    r"\bi(?:'m| am) (?:a |an )?(?:strict )?(?P<en>vegan|vegetarian|pescatarian|c(?:o)?eliac|lactose[- ]intolerant|gluten[- ]intolerant)\b"
    r"|我(?:是)?(?P<zh>吃素|素食者|素食主义者|纯素食者)"
)


def _diets(sentence: str) -> Iterator[Fact]:
    if hit := _says_diet(sentence):
        yield Fact("diet", hit["en"].lower().replace("-", " ") if hit["en"] else hit["zh"])


_PLAIN = (_names, _language, _places, _sizes, _devices, _allergies, _diets)
