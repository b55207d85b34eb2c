"""What is personal because it is said to be: dates of birth, passwords, codes."""

import re
from collections.abc import Iterator

from bots.privacy.kinds import Find, Kind, Proof
from bots.privacy.nearby import said_before, words

_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|m[äa]rz?|mai|okt|dez|ene|abr|ago|dic|janv|f[ée]vr"
    r"|avr|juin|juil|ao[ûu]t|d[ée]c)[a-zûé]*\.?"
)
_DATE = re.compile(
    rf"(?<!\d)(?:\d{{4}} ?[-./年] ?\d{{1,2}} ?[-./月] ?\d{{1,2}}(?: ?[日号])?|\d{{1,2}} ?[-./] ?\d{{1,2}} ?[-./] ?\d{{2,4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\.?(?: of)? {_MONTH},? ?\d{{2,4}}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? ?\d{{2,4}}"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)",
    re.IGNORECASE,
)
_BORN = words(
    r"born|birth|birth ?(?:date|day)|date of birth|d\.?o\.?b|geboren|geburts(?:tag|datum)|n[ée]e? le"
    r"|fecha de nacimiento|nacid[oa]|nat[oa] il|data di nascita||出生|生日|生于|诞辰"
)
_BORN_AFTER = re.compile(
    r"[ ,(]{0,2}(?:is (?:my|his|her|the) (?:birth|date of birth|dob)|出生|生日|生)", re.IGNORECASE
)

_KEYWORD = r"pass(?:word|phrase|code|wd)?|pwd|pw|passwort|kennwort|contrase[ñn]a|mot de passe|密码|口令|密碼"
_CODEWORD = (
    r"pin(?: ?code| number)?|cvv2?|cvc2?|csc|otp|tan|(?:security|verification|access|login|confirmation|one[- ]time"
    r"|authentication|auth|2fa|sms)[ -]?(?:code|password|pin)|验证码|校验码|安全码|动态码"
)
_IS = r"[ \"'“”]*(?:(?:number|code)?[ ]*(?:(?:is|was|are|ist|es|est)(?![a-zà-ÿ'’])|[:=是为]+)[ :]*)"
# What follows “is” and is plainly not the password: “my password is not accepted”.
_NOT_ONE = re.compile(
    r"(?:[a-z]{2,}(?:ed|ing)|not|no|never|wrong|incorrect|invalid|expired|expiring|lost|forgotten|gone|unknown|missing|being|been|too"
    r"|still|always|already|correct|right|required|needed|changed|reset|blocked|locked|weak|strong|stolen|secret"
    r"|the|an?|in|on|at|to|for|from|my|your|it|this|that|safe|unsafe|secure|hacked|compromised|set|sent|stored"
    r"|what|where|why|how|working|saved|shown|different|same|old|new|protected|visible|asked|rejected|refused"
    r"|accepted|only|just|really|supposed|out|so|very|case|longer|there|also|getting|causing|showing|不|错|什么|多少|忘|正确)"
    r"(?![\w])|[不错忘什多正]",
    re.IGNORECASE,
)
_PASSWORD = re.compile(
    rf"(?<![a-z])(?:{_KEYWORD}){_IS}(?P<value>\"[^\"\n]{{1,64}}\"|“[^”\n]{{1,64}}”|'[^'\n]{{1,64}}'|[^\s，。；、]{{3,128}})",
    re.IGNORECASE,
)
_CODE = re.compile(
    rf"(?<![a-z])(?:{_CODEWORD})(?![a-z])[^\d\n.!?。]{{0,20}}?(?<![\d.,-])(?P<value>\d{{3,8}}|\d{{3}}[ -]\d{{3}})(?![\d%]|[.,-]\d)",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"(?<![\w-])(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[\w-]{16,200}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|\bgh[pousr]_\w{30,200}|\bxox[abpsr]-[\w-]{10,200}|\beyJ[\w-]{8,2000}\.[\w-]{8,4000}\.[\w-]{8,2000}|\bglpat-[\w-]{20,100}"
)


def births(text: str) -> Iterator[Find]:
    for found in _DATE.finditer(text):
        before = said_before(text, found.start(), _BORN) >= 0
        if before or _BORN_AFTER.match(text, found.end()):
            yield Find(Kind.BIRTH, *found.span(), Proof.SAID)


def secrets(text: str) -> Iterator[Find]:
    for found in _PASSWORD.finditer(text):
        value = found.group("value")
        if not _NOT_ONE.match(value):
            kept = value.rstrip(".,;!?") or value
            yield Find(
                Kind.SECRET, found.start("value"), found.start("value") + len(kept), Proof.SAID
            )
    for found in _CODE.finditer(text):
        yield Find(Kind.SECRET, *found.span("value"), Proof.SAID)
    for found in _KEY.finditer(text):
        yield Find(Kind.SECRET, *found.span())
