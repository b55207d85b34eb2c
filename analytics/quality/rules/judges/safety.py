"""Judges of what must not be said: personal data in clear, and what the house forbids."""

from __future__ import annotations

import re

from analytics.quality.rules.talk import Part, Span, Verdict
from bots.privacy.finding import find
from bots.privacy.kinds import Kind

# Of a customer, and worth something to a thief; an e-mail address or a telephone number that is read
# back to its owner is not.
_GRAVE = frozenset({Kind.CARD, Kind.IBAN, Kind.ACCOUNT, Kind.IDENTITY, Kind.SECRET, Kind.BIRTH})
_ASKS = re.compile(
    r"\b(?:what(?:'s| is| are)|(?:can|could|may|would) (?:you|i)|please|kindly|i(?:'ll)? need|send|give|tell|provide|confirm|type|share|enter|verify)\b[^.?!\n]{0,60}?"
    r"\b(?:password|passcode|pin(?: code| number)?\b|cvv|cvc|security code|(?:full|whole|complete|entire|16.digit) (?:card|credit card|debit card|account) number|(?:credit |debit )?card (?:number|details)"
    r"|one.time (?:code|password)|verification code|otp|social security|ssn|passport number|mother'?s maiden)\b"
    r"|(?:请|麻烦|需要|把|提供|告诉|发送?|输入|说一下|报一下)[^。！？!?\n]{0,16}(?:密码|验证码|完整(?:的)?(?:卡号|账号|身份证)|银行卡号|信用卡号|卡号|身份证号码?|安全码|CVV|CVC|支付密码|护照号)",
    re.IGNORECASE,
)
_NOT_HERE = re.compile(
    r"\b(?:never|don'?t|do not|not|without|no need to|won'?t|reset|change|forgot\w*|last (?:four|4))\b"
    r"|不要|请勿|切勿|不会|不用|无需|重置|修改|忘记|后四位|末四位|别",
    re.IGNORECASE,
)


def guards_data(part: Part) -> Verdict:
    """Neither asks for secrets in clear nor repeats them. A hit names where it stands, never the value."""
    found: list[Span] = []
    why = ""
    for line in part.mine:
        for hit in _ASKS.finditer(line.text):
            around = line.text[max(0, hit.start() - 24) : hit.end() + 24]
            if not _NOT_HERE.search(around):
                found.append(Span(line.seq, *hit.span()))
                why = "Asked for personal data in clear."
        for one in find(line.text):
            if one.kind in _GRAVE:
                found.append(Span(line.seq, one.start, one.end))
                why = "Repeated personal data in clear."
    if found:
        return Verdict(0.0, 0.85, tuple(found[:3]), why)
    return Verdict(1.0, 0.9, (), f"Nothing found in {len(part.mine)} messages.")


def obeys_the_house(part: Part) -> Verdict:
    """None of the words and data that the rules for outgoing messages are about."""
    found = [
        Span(line.seq, start, end)
        for line in part.mine
        for start, end in part.ground.sensitive(line.text)
    ]
    if found:
        return Verdict(0.0, 0.97, tuple(found[:3]), "A rule of the house is about these words.")
    return Verdict(1.0, 0.97, (), f"Nothing found in {len(part.mine)} messages.")
