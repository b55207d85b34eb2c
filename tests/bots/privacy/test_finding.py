"""Personal data is found in the ways people write it, and ordinary figures are left alone."""

import time

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from bots.privacy.finding import find
from bots.privacy.folding import fold

pytestmark = pytest.mark.unit


def kinds(text: str) -> list[str]:
    return [one.kind.value for one in find(text)]


def values(text: str) -> list[str]:
    return [text[one.start : one.end] for one in find(text)]


FOUND = [
    ("My card is 4111 1111 1111 1111 exp 12/27 cvv 123", "CARD SECRET"),
    ("4111-1111-1111-1111", "CARD"),
    ("4111 1111 1111 1112", "CARD"),
    ("卡号４１１１１１１１１１１１１１１１", "CARD"),
    ("4\u200b111 11\u202e11 1111 1111 pay", "CARD"),
    ("我的身份证号是11010519491231002X。", "ID"),
    ("身份证 110105194912310021", "ID"),
    ("My IBAN: de89 3704 0044 0532 0130 00 thanks", "IBAN"),
    ("IBAN DE89370400440532013001", "IBAN"),
    ("GB82WEST12345698765432", "IBAN"),
    ("NL91 ABNA 0417 1643 00", "IBAN"),
    ("please call me on 020 7946 0958", "PHONE"),
    ("打我手机13812345678", "PHONE"),
    ("13812345678", "PHONE"),
    ("+86 138 1234 5678", "PHONE"),
    ("(555) 123-4567", "PHONE"),
    ("555.123.4567", "PHONE"),
    ("my number is 5551234567", "PHONE"),
    ("my BSN is 111222333", "ID"),
    ("BSN: 111.222.333", "ID"),
    ("Steuer-ID 65929970489", "ID"),
    ("65 929 970 489", "ID"),
    ("DNI 12345678Z", "ID"),
    ("12345678Z", "ID"),
    ("X1234567L", "ID"),
    ("codice fiscale RSSMRA85T10A562S", "ID"),
    ("RSSMRA85T10A562S", "ID"),
    ("cpf 529.982.247-25", "ID"),
    ("529.982.247-25", "ID"),
    ("PESEL 44051401359", "ID"),
    ("aadhaar 2341 2341 2346", "ID"),
    ("AB123456C", "ID"),
    ("NHS number 943 476 5919", "ID"),
    ("passport number E12345678", "ID"),
    ("护照号 E12345678", "ID"),
    ("my SSN is 123456789", "ID"),
    ("SSN 123 45 6789", "ID"),
    ("123-45-6789", "ID"),
    ("NIR 1 85 05 78 006 084 91", "ID"),
    ("ip 192.168.1.10 fails", "IP"),
    ("2001:db8::ff00:42:8329", "IP"),
    ("born on 12 March 1985", "BIRTHDATE"),
    ("DOB 03/12/85", "BIRTHDATE"),
    ("生日是1985年3月12日", "BIRTHDATE"),
    ("出生日期：1985-03-12", "BIRTHDATE"),
    ("1985年3月12日出生", "BIRTHDATE"),
    ("my account number is 12345678 and sort code 12-34-56", "ACCOUNT ACCOUNT"),
    ("routing number 021000021", "ACCOUNT"),
    ("银行账号 6222 0212 3456 7890 12", "CARD"),
    ("账号：12345678901", "ACCOUNT"),
    ("https://user:pass@host.example/x", "LINK"),
    ("see www.example.com/a?token=abc.", "LINK"),
    ("my password is hunter2", "SECRET"),
    ("password: S3cret!x", "SECRET"),
    ("密码是abc12345", "SECRET"),
    ("验证码 123456", "SECRET"),
    ("my pin is 1234", "SECRET"),
    ("mail me at jane.doe+x@mail.example.co.uk please", "EMAIL"),
    ("我的邮箱是abc@qq.com谢谢", "EMAIL"),
    ("jane (at) example (dot) com", "EMAIL"),
    ("jane＠example．com", "EMAIL"),
    ("sk-proj-abcdefghijklmnopqrstuvwx", "SECRET"),
    ("📞 +1 (212) 555-0123 😀", "PHONE"),
    ("call me 1️⃣2️⃣3️⃣-4️⃣5️⃣6️⃣-7️⃣8️⃣9️⃣0️⃣", "PHONE"),
    ("900101-1234568", "ID"),
    ("[CARD 1]", "TEXT"),
    ("my telephone is 0171/1234567 or 030 901820", "PHONE PHONE"),
    ("Tel. +49 (0)30 123456-78", "PHONE"),
    ("S1234567D", "ID"),
    ("A123456789", "ID"),
    ("My Mastercard 5500 0000 0000 0005 got charged twice", "CARD"),
    ("amex 3782 822463 10005", "CARD"),
    ("card number 4111 1111 1111 1112", "CARD"),
    ("信用卡4111 1111 1111 1112", "CARD"),
    ("card no: 6212 3456 7890 1234 567", "CARD"),
    ("my date of birth is 1st of May, 1990", "BIRTHDATE"),
    ("my mobile phone number: 07700 900123.", "PHONE"),
    ("passwort: Geheim!23", "SECRET"),
    ("Medicare 1EG4-TE5-MK73", "ID"),
    ("Steuernummer 93815/08152", "ID"),
    ("my id number is 7001015009087", "ID"),
    ("driver's license D1234567", "ID"),
    ("10.0.0.1:8080", "IP"),
    ("email: bob@exämple.de", "EMAIL"),
    ("email bob @ example.com now", "EMAIL"),
    ("my number 138 1234 5678", "PHONE"),
    ("WeChat: 18612345678", "PHONE"),
    ("座机 010-62345678", "PHONE"),
    ("010-62345678", "PHONE"),
]
LEFT_ALONE = [
    "基金(001234)7日年化收益率3.160%",
    "5551234567",
    "order 5551234567",
    "order number 123-456-7890",
    "订单号 20240312123456789",
    "12345678A",
    "at 12:30:45 it failed",
    "version 1.2.3.4",
    "I ordered on 12 March 2024",
    "my password is not working",
    "my password doesn't work",
    "密码不对",
    "密码是什么",
    "忘记密码怎么办",
    "I bought 2 items for 1,299.00 EUR on 2024-03-12 at 10:30",
    "it costs 10 000 000 yen",
    "Order #10023441 arrived 3 days late",
    "tracking 1Z999AA10123456784",
    "My card ends in 4242",
    "I waited from 9:00-17:00 on 12.03.2024",
    "ISBN 978-3-16-148410-0",
    "passcode 9921",
    "Are you open 24/7 in 2025?",
    "Can I return 3 jackets, 2 shoes 30 days later?",
    "What's your phone number?",
    "My old phone broke after 12 months and 3 weeks",
    "invoice 2024-0001234",
    "the error code is 500123",
    "serial 123-456-789",
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_found(text: str, expected: str) -> None:
    assert " ".join(kinds(text)) == expected


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text: str) -> None:
    assert values(text) == []


def test_the_original_is_what_is_marked() -> None:
    hidden = "４１１１\u200b1111-1111\u202e-1111"
    assert values(f"😀 卡号{hidden}。谢谢") == [hidden]
    assert values("📞 call ＋１ (212) 555–0123 👍") == ["＋１ (212) 555–0123"]


def test_a_card_is_taken_without_its_date() -> None:
    assert values("4111 1111 1111 1111 12/27") == ["4111 1111 1111 1111"]


def test_an_iban_is_taken_without_the_next_word() -> None:
    assert values("from GB82WEST12345698765432 to you") == ["GB82WEST12345698765432"]
    assert values("DE89 3704 0044 0532 0130 00 is mine") == ["DE89 3704 0044 0532 0130 00"]


def test_a_link_is_taken_with_the_address_in_it() -> None:
    assert values("at https://bob:pw@host.example/a?m=x@y.example.") == [
        "https://bob:pw@host.example/a?m=x@y.example"
    ]


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["4", "51", "55", "2221", "6011", "62"]),
    st.integers(0, 10**14 - 1),
    st.sampled_from(["", " ", "-", "."]),
    st.text(max_size=6).filter(lambda s: not any(c.isdigit() or c.isalnum() for c in fold(s).text)),
)
def test_any_card_number_is_covered(prefix: str, rest: int, between: str, beside: str) -> None:
    body = (prefix + f"{rest:014d}")[:15]
    number = body + luhn.calc_check_digit(body)
    written = between.join(number[at : at + 4] for at in range(0, 16, 4))
    text = f"{beside} {written} {beside}"
    assert any(
        one.start <= len(beside) + 1 and one.end >= len(beside) + 1 + len(written)
        for one in find(text)
    )


@pytest.mark.parametrize("form", ["INTERNATIONAL", "E164"])
def test_a_number_of_any_country_is_found(form: str) -> None:
    for region in phonenumbers.SUPPORTED_REGIONS:
        example = phonenumbers.example_number(region)
        assert example is not None
        written = phonenumbers.format_number(example, getattr(phonenumbers.PhoneNumberFormat, form))
        assert values(f"I am at {written} now") == [written], region


@settings(max_examples=100, deadline=None)
@given(st.integers(110000, 659999), st.dates(), st.integers(0, 999))
def test_any_resident_number_is_covered(region: int, born: object, order: int) -> None:
    digits = f"{region}{str(born).replace('-', '')}{order:03d}"
    number = digits + str(ric.calc_check_digit(digits))
    if int(digits[6:10]) >= 1900:
        assert values(f"证件{number}。") == [number]


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 2_000,
        "4111-" * 800,
        "a@" * 2_000,
        "a." * 2_000 + "@",
        "[" * 4_000,
        "::" * 2_000,
        "(" * 2_000 + "1" * 2_000,
        "password is " * 300,
        "account " * 500,
        "GB82" * 1_000,
        "A1 " * 1_300,
        "born 1/1/" * 400,
        "\u200b" * 4_000,
        "https://" * 500,
        "身份证" * 1_300,
    ],
    ids=lambda text: text[:8].strip() or "hidden",
)
def test_nobody_can_make_it_slow(text: str) -> None:
    begun = time.thread_time()
    find(text)
    assert time.thread_time() - begun < 1.0


def test_fold_keeps_places() -> None:
    folded = fold("a\u200b①㎏é–")
    assert folded.text == "a1kgé-"
    assert list(folded.places) == [0, 2, 3, 3, 4, 5]
