"""Cards, IBANs, account numbers and a bank's own numbers."""

import re
from collections.abc import Iterator

from stdnum import iban, luhn

from bots.privacy.kinds import Find, Kind, Proof
from bots.privacy.nearby import digits_of, runs, said_before, words

_BRANDS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|3(?:0[0-5]|095|[689]\d)\d{11,16}"  # Diners
    r"|35(?:2[89]|[3-8]\d)\d{12,15}|(?:2131|1800)\d{11}"  # JCB
    r"|(?:62|81|82)\d{14,17}"  # UnionPay, RuPay
    r"|220[0-4]\d{12,15}"  # Mir
    r"|(?:50|5[6-9]|6\d)\d{10,17}"  # Discover, Maestro and their kin
)
_CARD_WORDS = words(
    r"cards?|credit|debit|visa|master ?card|amex|american express|maestro|union ?pay|cc"
    r"|kreditkarte|karte|tarjeta|carte|carta||卡号?|银联"
)
_IBAN = re.compile(r"(?<![a-z0-9])[a-z]{2}\d\d(?:[ -]?[a-z0-9]){11,30}", re.IGNORECASE)
_LIKE_IBAN = re.compile(
    r"(?<![a-z0-9])[a-z]{2}\d\d(?:[ -]?(?=[a-z]{0,4}\d|[a-z]{4} ?\d)[a-z0-9]{1,30}){1,9}",
    re.IGNORECASE,
)
_IBAN_WORDS = words(r"iban||国际银行账号")
_ACCOUNT = words(
    r"(?:bank(?:ing)? |checking |savings? )?acc(?:oun)?t(?:s|(?: ?(?:number|num|no|nr|id|#)))?|a/c"
    r"|routing|aba|rtn|sort[ -]?code|transit|konto(?:nummer|nr)?|blz|bankleitzahl|cuenta|compte"
    r"|rekening(?:nummer)?||[账帐][号户]|银行[账帐]"
)
# Between the word and its number: no other sentence, no other number.
_NUMBER_AFTER = re.compile(
    r"[^\d!?。！？]{0,30}?(?<!\d)(\d+(?:[ \-./]{1,2}\d+)*+)(?![a-z\d])", re.IGNORECASE
)


def cards(text: str) -> Iterator[Find]:
    for groups in runs(text):
        first = 0
        while first < len(groups):
            last, proof = _card(text, groups, first)
            if proof is None:
                first += 1
                continue
            yield Find(Kind.CARD, groups[first][0], groups[last][1], proof)
            first = last + 1


def _card(text: str, groups: list[tuple[int, int]], first: int) -> tuple[int, Proof | None]:
    """The last group of a card that begins with group `first`: the longest that checks."""
    windows: list[tuple[int, str]] = []
    number = ""
    for last in range(first, len(groups)):
        number += text[slice(*groups[last])]
        if len(number) > 19:
            break
        if len(number) >= 12:
            windows.append((last, number))
    for last, number in reversed(windows):
        if _BRANDS.fullmatch(number) and luhn.is_valid(number):
            return last, Proof.CHECKED
    return _mistyped(text, groups, first, windows)


def _mistyped(
    text: str, groups: list[tuple[int, int]], first: int, windows: list[tuple[int, str]]
) -> tuple[int, Proof | None]:
    """One digit wrong is still nearly the card: where a word says so, or where it is written as one."""
    if said_before(text, groups[first][0], _CARD_WORDS) >= 0:
        for last, number in reversed(windows):
            if len(number) >= 13:
                return last, Proof.SAID
    if [end - start for start, end in groups[first : first + 4]] == [4, 4, 4, 4]:
        for last, number in windows:
            if len(number) == 16 and _BRANDS.fullmatch(number):
                return last, Proof.LOOKS
    return first, None


def ibans(text: str) -> Iterator[Find]:
    for shape in _IBAN.finditer(text):
        ends = [at + 1 for at in range(*shape.span()) if text[at].isalnum()]
        for end in reversed(ends[14:]):
            if iban.is_valid(text[shape.start() : end], check_country=False):
                yield Find(Kind.IBAN, shape.start(), end)
                break
    for shape in _LIKE_IBAN.finditer(text):
        written = sum(character.isalnum() for character in shape.group())
        if 12 <= written <= 36 and said_before(text, shape.start(), _IBAN_WORDS) >= 0:
            yield Find(Kind.IBAN, *shape.span(), Proof.SAID)


def accounts(text: str) -> Iterator[Find]:
    """Only with a word that says so: any number could be an account's."""
    for word in _ACCOUNT.finditer(text):
        number = _NUMBER_AFTER.match(text, word.end())
        if number and 5 <= len(digits_of(number.group(1))) <= 24:
            yield Find(Kind.ACCOUNT, *number.span(1), Proof.SAID)
