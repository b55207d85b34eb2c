"""Numbers that states give to people: by their check digits, or by the word beside them."""

import re
from collections.abc import Callable, Iterator
from datetime import date

from stdnum.be import nn
from stdnum.br import cpf
from stdnum.ch import ssn as ahv
from stdnum.cl import rut
from stdnum.cn import ric
from stdnum.cz import rc
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.ie import pps
from stdnum.in_ import aadhaar, pan
from stdnum.it import codicefiscale
from stdnum.kr import rrn
from stdnum.mx import curp
from stdnum.my import nric
from stdnum.no import fodselsnummer
from stdnum.pl import pesel
from stdnum.se import personnummer
from stdnum.th import pin

from bots.privacy.kinds import Find, Kind, Proof
from bots.privacy.nearby import digits_of, names_a_thing, words


def _always(_: str) -> bool:
    return True


def _is_chinese(number: str) -> bool:
    """By its date and check digit. Regions are not looked up: old ones were renamed."""
    number = re.sub(r"[ -]", "", number).upper()
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return born.year >= 1880 and str(ric.calc_check_digit(number[:-1])) == number[-1]


def _is_social_security(number: str) -> bool:
    """Three parts, none of them all zeros; numbers of taxpayers (9…) have the same form."""
    return all(int(part) for part in re.findall(r"\d+", number))


def _is_taiwanese(number: str) -> bool:
    place = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(number[0].upper()) + 10
    digits = [place // 10, place % 10, *map(int, number[1:])]
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    return sum(d * w for d, w in zip(digits, weights, strict=True)) % 10 == 0


# Each form is so peculiar that, with what is checked, nothing else looks like it.
_FORMS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    (r"\d{6}[ -]?\d{8}[ -]?\d{3}[\dx]", _is_chinese),
    (r"\d{3}-\d\d-\d{4}", _is_social_security),
    (r"(?:\d{8}|\d\d\.\d{3}\.\d{3})[ -]?[a-z]", dni.is_valid),
    (r"[xyz][ -]?\d{7}[ -]?[a-z]", nie.is_valid),
    (r"[a-z]{6}[\dlmnp-v]{2}[a-z][\dlmnp-v]{2}[a-z][\dlmnp-v]{3}[a-z]", codicefiscale.is_valid),
    (r"\d\d \d{3} \d{3} \d{3}", idnr.is_valid),
    (r"[12] ?\d\d ?\d\d ?(?:\d\d|2[ab]) ?\d{3} ?\d{3} ?\d\d", nir.is_valid),
    (
        r"(?!bg|gb|kn|nk|nt|tn|zz)[a-ceghj-prtw-z][a-ceghj-npr-tw-z] ?\d\d ?\d\d ?\d\d ?[a-d]",
        _always,
    ),
    (r"\d{3}\.\d{3}\.\d{3}-\d\d", cpf.is_valid),
    (r"\d{4} \d{4} \d{4}", aadhaar.is_valid),
    (r"[a-z]{5}\d{4}[a-z]", pan.is_valid),
    (r"[a-z]{4}\d{6}[hmx][a-z]{5}[a-z\d]\d", curp.is_valid),
    (r"756\.?\d{4}\.?\d{4}\.?\d\d", ahv.is_valid),
    (r"\d{6}-\d{7}", rrn.is_valid),
    (r"(?:\d\d)?\d{6}[-+]\d{4}", personnummer.is_valid),
    (r"\d{6}[-+a-fu-y]\d{3}[a-z\d]", hetu.is_valid),
    (r"\d{6} ?\d{5}", lambda number: fodselsnummer.is_valid(number) or pesel.is_valid(number)),
    (r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d", nn.is_valid),
    (r"\d{6}/\d{3,4}", rc.is_valid),
    (r"\d{1,2}\.\d{3}\.\d{3}-[\dk]", rut.is_valid),
    (r"\d{7}[a-w][a-iw]?", pps.is_valid),
    (r"\d{6}-\d\d-\d{4}", nric.is_valid),
    (r"\d-\d{4}-\d{5}-\d\d-\d", pin.is_valid),
    (r"[stfgm]\d{7}[a-z]", _always),
    (r"[a-z]{1,2}\d{6}\([\da]\)", _always),
    (r"[a-z][12]\d{8}", _is_taiwanese),
    (r"\d{5}-\d{7}-\d", _always),
)
_CHECKED = tuple(
    (
        re.compile(rf"(?<![a-z\d+])(?<!\d[-./])(?:{form})(?![a-z\d])(?![-./]\d)", re.IGNORECASE),
        check,
    )
    for form, check in _FORMS
)

_SAID = words(
    r"(?:national|personal|citizen|government|state|resident|tax(?:payer)?)[ -]?(?:id|identity|identification"
    r"|insurance)?(?: ?card)? ?(?:number|no|nr)|(?:national|personal|identity|tax|photo|my) id|identity"
    r"(?: card| number| document)?|identification|id (?:number|no|nr|card)|ssn|itin|tin|sin|nino|nin"
    r"|social (?:security|insurance)|passports?(?: ?(?:number|no|nr))?|(?:driver'?s?|driving) licen[cs]e"
    r"|nhs(?: number)?|medicare|bsn|sofi|burgerservicenummer|steuer-?(?:id|nummer|identifikationsnummer)|idnr"
    r"|dni|nie|nif|codice fiscale|pesel|cpf|curp|cnp|cnic|aadhaar|personnummer|f[øo]dselsnummer|cpr|hetu"
    r"|num[ée]ro de s[ée]curit[ée] sociale|ausweis(?:nummer)?|reisepass(?:nummer)?|pasaporte|passeport"
    r"|passaporto|tfn|ird|tckn|tc kimlik|pps|ppsn|avs|ahv"
    r"||身份证(?:号码?)?|身份號碼|证件号?|護照|护照|驾照|驾驶证|社保|居留证|通行证"
)
# A number in some pieces, each with a digit in it; letters may lead or follow.
_PIECE = r"[a-z]{0,6}\d[a-z\d]*"
_NUMBER = re.compile(
    rf"[^\d!?。！？]{{0,30}}?(?<![a-z\d])({_PIECE}(?:[ \-./]{_PIECE})*+(?:[ -][a-z](?![a-z]))?)",
    re.IGNORECASE,
)


def identities(text: str) -> Iterator[Find]:
    for form, is_right in _CHECKED:
        for found in form.finditer(text):
            thing = found.group().isdigit() and names_a_thing(text, found.start())
            if is_right(found.group()) and (not thing or found.end() - found.start() >= 15):
                yield Find(Kind.IDENTITY, *found.span())
    for word in _SAID.finditer(text):
        number = _NUMBER.match(text, word.end())
        if number and 5 <= len(digits_of(number.group(1))) <= 20:
            yield Find(Kind.IDENTITY, *number.span(1), Proof.SAID)
