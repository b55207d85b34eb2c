"""How to reach somebody: e-mail, telephone, links, network addresses."""

import ipaddress
import re
from collections.abc import Iterator

import phonenumbers

from bots.privacy.kinds import Find, Kind, Proof
from bots.privacy.nearby import digits_of, names_a_thing, said_before, words

_LETTER = (
    r"(?![\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef])\w"  # Chinese is not spaced off from an address
)
_AT = r"(?: ?@ ?| ?[\[({] ?(?:at|@) ?[\])}] ?)"
_DOT = r"(?:\.| ?[\[({] ?(?:dot|\.) ?[\])}] ?)"
_EMAIL = re.compile(
    rf"(?<![\w.+-])(?:{_LETTER}|[!#$%&'*+/=?^`{{|}}~.-]){{1,64}}+{_AT}"
    rf"(?:(?:{_LETTER}|-){{1,63}}+{_DOT}){{1,8}}(?:(?!\d|_){_LETTER}){{2,24}}",
    re.IGNORECASE,
)
_EMAIL_IN_CHINESE = re.compile(
    rf"(?:{_LETTER}|[+.-]){{1,64}}+@(?:(?:{_LETTER}|-){{1,63}}+\.){{1,8}}(?:(?!\d|_){_LETTER}){{2,24}}"
)
_LINK = re.compile(
    r"(?:(?<![a-z])[a-z][a-z+.-]{1,10}://|(?<![a-z0-9@.])www\.)[^\s<>\"“”「」，。；！？、（）]+",
    re.IGNORECASE,
)
_TAIL = ".,;:!?)]}'*"  # ends the sentence, not the link

_FOUR = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d)")
_SIX = re.compile(
    r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?(?![\w:])",
    re.IGNORECASE,
)
_VERSION = words(r"version|release|firmware|build|v||版本")

_PHONE = re.compile(
    r"(?<![a-z\d])(?<![a-z\d][-_/])(?>\(?\+? ?\(?\d+\)?"
    r"(?:(?:[ .\-/]{1,2}\(?|\(|(?<=\)))\d+\)?)*+)"
    r"(?> ?(?:x|ext\.?|extension|转|分机) ?\d{1,6})?(?![a-z\d]|[.,]\d|%)",
    re.IGNORECASE,
)
_PHONE_WORDS = words(
    r"tele(?:phones?|fon)|phones?|ph|tel|mobile|cell(?:ular|phone)?|fax|call(?:ed|ing|s)?|ring|dial|text(?:ed)?|sms"
    r"|messages?|whatsapp|wechat|telegram|signal|desk|landline|reach|contact|answer(?:ing)?|number|handy"
    r"|rufnummer|t[ée]l[ée]fono?|t[ée]l[ée]phone|m[óo]vil|portable"
    r"||电话|電話|手机|手機|号码|座机|固话|联系|致电|拨打|短信|传真|微信"
)
_PHONE_AFTER = re.compile(
    r"[-\s(,]{0,2}(?:office|fax|mobile|cell|home|work|desk|tel|phone)\b", re.IGNORECASE
)
_DATE = re.compile(
    r"(?:(?:19|20)\d\d[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[-./ ](?:0?[1-9]|[12]\d|3[01])[-./ ](?:(?:19|20)\d\d|(?<=[./])\d\d))(?: \d{1,2})?"
)
_NORTH_AMERICAN = re.compile(r"(?:1[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]\d{4}")
_CHINESE_MOBILE = re.compile(r"(?:86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}")
# Whose numbers are known by their grouping alone, without a word beside them.
_REGIONS = (
    "US",
    "GB",
    "DE",
    "FR",
    "ES",
    "IT",
    "NL",
    "BE",
    "CH",
    "AT",
    "PL",
    "SE",
    "CN",
    "IN",
    "AU",
    "BR",
)


def emails(text: str) -> Iterator[Find]:
    if "@" in text or "at" in text.casefold():
        for pattern in (_EMAIL, _EMAIL_IN_CHINESE):
            for found in pattern.finditer(text):
                yield Find(Kind.EMAIL, *found.span())


def links(text: str) -> Iterator[Find]:
    for found in _LINK.finditer(text):
        address = found.group().rstrip(_TAIL)
        if len(address) > len("https://"):
            yield Find(Kind.LINK, found.start(), found.start() + len(address))


def networks(text: str) -> Iterator[Find]:
    for found in _FOUR.finditer(text):
        version = said_before(text, found.start(), _VERSION, within=12) >= 0
        if not version and _is_address(found.group()):
            yield Find(Kind.IP, *found.span())
    for found in _SIX.finditer(text):
        parts = [part for part in found.group().split(":") if part]
        if len(parts) > 1 and _is_address(found.group()):
            yield Find(Kind.IP, *found.span())


def _is_address(written: str) -> bool:
    try:
        ipaddress.ip_address(
            ".".join(part.lstrip("0") or "0" for part in written.split("."))
            if ":" not in written
            else written
        )
    except ValueError:
        return False
    return True


def phones(text: str) -> Iterator[Find]:
    for found in _PHONE.finditer(text):
        number = found.group().strip()
        start = text.index(number, found.start())
        digits = digits_of(number)
        if len(digits) < 6 or _DATE.fullmatch(number):
            continue
        told = said_before(text, start, _PHONE_WORDS)
        if names_a_thing(text, start, since=told) and not number.startswith("+"):
            continue
        said = told >= 0 or _PHONE_AFTER.match(text, start + len(number))
        if said and len(digits) <= 30:
            yield Find(Kind.PHONE, start, start + len(number), Proof.SAID)
        elif _looks_like_a_phone(number, digits):
            yield Find(Kind.PHONE, start, start + len(number), Proof.LOOKS)


def _looks_like_a_phone(number: str, digits: str) -> bool:
    """Without a word that says so: by its country, or by how it is grouped."""
    if "+" in number[:2]:
        return 7 <= len(digits) <= 20
    if digits.startswith("00"):
        return 9 <= len(digits) <= 20
    if _CHINESE_MOBILE.fullmatch(number) or _NORTH_AMERICAN.match(number):
        return len(digits) <= 16
    if number.isdigit() or not 7 <= len(digits) <= 13:
        return False
    if digits[0] == "0" or number[0] == "(":
        return True
    return len(digits) >= 9 and any(_is_valid(number, region) for region in _REGIONS)


def _is_valid(number: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False
