import pytest

from bots.language.model import Passage
from bots.language.support import retells, stands, supported
from bots.language.support_gate import Released, SupportGate

pytestmark = pytest.mark.unit

RETURNS = Passage(
    "a1",
    "Returns and refunds",
    "You can return unused goods within 30 days of delivery. Refunds are paid to the card you used "
    "within five working days after we have received the parcel. Sale items can be exchanged but "
    "not refunded. Return shipping costs €4.90 unless the item is faulty. Write to "
    "help@shop.example or see https://shop.example/returns.",
)
CHINESE = Passage(
    "a2",
    "退货",
    "商品签收后30天内可以无理由退货。退款将在五个工作日内原路退回。特价商品不能退款，但可以换货。",
    "zh",
)
BOTH = [RETURNS, CHINESE]


@pytest.mark.parametrize(
    "sentence",
    [
        "You can return your boots within 30 days of delivery.",
        "Sale items can be exchanged but not refunded.",
        "Refunds are paid within 5 working days.",
        "Return shipping costs €4.90.",
        "Write to help@shop.example.",
    ],
)
def test_what_the_passage_says_is_supported(sentence: str) -> None:
    support = supported(sentence, BOTH)

    assert (support.is_enough, support.passage) == (True, 0)


@pytest.mark.parametrize(
    "sentence", ["签收后30天内可以退货。", "特价商品不能退款。", "退款将在5个工作日内原路退回。"]
)
def test_chinese_is_supported_by_pairs_of_characters(sentence: str) -> None:
    support = supported(sentence, BOTH)

    assert (support.is_enough, support.passage) == (True, 1)


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("You can return goods within 60 days of delivery.", id="another figure"),
        pytest.param("You can return goods within five working days.", id="another's figure"),
        pytest.param("Return shipping costs €9.", id="another amount"),
        pytest.param("You cannot return unused goods within 30 days.", id="denied"),
        pytest.param("Yes, sale items can be refunded.", id="a denial left out"),
        pytest.param("Sale items cannot be exchanged.", id="the wrong part denied"),
        pytest.param("Refunds are paid to PayPal within five working days.", id="another name"),
        pytest.param("Write to sales@shop.example.", id="another address"),
        pytest.param("See https://shop.example/refund.", id="another page"),
        pytest.param("We will send you a voucher.", id="invented"),
        pytest.param("Return goods and sale items to the card.", id="scattered words"),
        pytest.param("Five working days after 30 days.", id="figures in another order"),
        pytest.param("No, sale items cannot be refunded.", id="few words, far apart"),
        pytest.param("From 30 goods on, within 30 days of delivery.", id="a figure twice"),
        pytest.param("I can exchange sale items.", id="a promise of its own"),
        pytest.param("It is not refunded.", id="too little"),
        pytest.param("Can sale items be exchanged?", id="a question"),
        pytest.param("Hello!", id="no claim"),
        pytest.param("签收后60天内可以退货。", id="another figure, zh"),
        pytest.param("特价商品可以退款。", id="a denial left out, zh"),
        pytest.param("退款将在三个工作日内退回。", id="another figure in words, zh"),
        pytest.param("我们会送您一张优惠券。", id="invented, zh"),
    ],
)
def test_what_the_passage_does_not_say_is_not_supported(sentence: str) -> None:
    assert not supported(sentence, BOTH).is_enough


def test_nothing_supports_without_passages() -> None:
    assert not supported("You can return goods.", []).is_enough


def test_the_gate_releases_whole_supported_sentences_with_their_passage() -> None:
    seen: list[str] = []
    gate = SupportGate(BOTH, seen.append)

    for piece in [" Return ship", "ping costs €4", ".90. Sale items", " can be exchanged.", ""]:
        gate.feed(piece)
    before_the_end = list(seen)
    gate.finish()

    assert before_the_end == ["Return shipping costs €4.90."]
    assert seen == ["Return shipping costs €4.90.", " Sale items can be exchanged."]
    assert gate.released == [Released(seen[0], 0, 1.0), Released(seen[1], 0, 1.0)]
    assert gate.marked() == "Return shipping costs €4.90. [1] Sale items can be exchanged. [1]"
    assert (gate.text, gate.stopped, gate.refused) == ("".join(seen), False, None)


def test_the_gate_drops_what_is_not_supported_and_goes_on() -> None:
    seen: list[str] = []
    gate = SupportGate(BOTH, seen.append)

    gate.feed("Return shipping costs €4.90. It is free for members. Sale items can be exchanged. ")

    assert seen == ["Return shipping costs €4.90.", " Sale items can be exchanged."]
    assert (gate.dropped, gate.stopped) == (["It is free for members."], False)


def test_three_unsupported_sentences_in_a_row_are_the_end() -> None:
    gate = SupportGate(BOTH, lambda _text: None)

    gate.feed("Moons are round. Cats like fish. Rain is wet. Sale items can be exchanged. ")

    assert (gate.text, gate.stopped) == ("", True)


def test_a_sentence_that_speaks_of_a_dropped_one_goes_with_it() -> None:
    club = Passage(
        "1", "The club", "Membership costs 20 € a year. It begins at once for everybody."
    )
    gate = SupportGate([club], lambda _text: None)

    gate.feed("Gold membership has a lounge. It begins at once for everybody. ")

    assert gate.text == ""


def test_a_forbidden_word_stops_a_sentence_that_is_supported() -> None:
    gate = SupportGate(BOTH, lambda _text: None, breaks=lambda said: "sale" * ("Sale" in said))

    gate.feed("Sale items can be exchanged. Return shipping costs €4.90. ")

    assert gate.text == "Return shipping costs €4.90."


def test_no_more_than_the_longest_is_said() -> None:
    gate = SupportGate(BOTH, lambda _text: None, longest=40)

    gate.feed("Return shipping costs €4.90. Sale items can be exchanged. ")

    assert (gate.text, gate.stopped) == ("Return shipping costs €4.90.", True)


GERMAN = Passage("1", "Rückgabe", "Sie haben 30 Tage Zeit. Der Versand kostet 4,90 €.", "de")


@pytest.mark.parametrize(
    ("sentence", "released"),
    [
        pytest.param("You have 30 days.", True, id="the line that is meant says it"),
        pytest.param("You have 60 days.", False, id="another figure"),
        pytest.param("You do not have 30 days.", False, id="denied on one side"),
        pytest.param("Is it 30 days?", False, id="a question"),
    ],
)
def test_another_languages_article_bears_out_what_translates_it(
    sentence: str, released: bool
) -> None:
    gate = SupportGate(
        [GERMAN], lambda _text: None, likeness=lambda _said, _lines: [0.93, 0.7], language="en"
    )

    gate.feed(f"{sentence} ")

    assert bool(gate.released) is released


def test_where_a_sentence_stands_is_told_by_its_lines() -> None:
    lines = ["Opening hours", "We open at 9 on weekdays.", "Sundays are quiet.", "Parking is free."]

    assert stands("We open at 9 on weekdays.", lines) == (1, 1)
    assert stands("We open at 9 on weekdays, and Sundays are quiet.", lines) == (1, 2)


def test_half_a_sentence_never_leaves_the_gate() -> None:
    seen: list[str] = []
    gate = SupportGate(BOTH, seen.append)

    gate.feed("Sale items can be")
    gate.finish()

    assert (seen, gate.text, gate.stopped) == ([], "", True)


def test_nothing_is_said_twice() -> None:
    gate = SupportGate(BOTH, lambda _text: None)

    gate.feed("Sale items can be exchanged. Sale items  can be exchanged. ")

    assert gate.text == "Sale items can be exchanged."
    assert gate.stopped


def test_passages_are_cited_once_in_the_order_of_their_first_sentence() -> None:
    gate = SupportGate(BOTH, lambda _text: None)

    gate.feed("特价商品不能退款。Sale items can be exchanged. 退款将在五个工作日内原路退回。")

    assert gate.cited() == [1, 0]
    assert gate.marked() == (
        "特价商品不能退款。 [1] Sale items can be exchanged. [2] 退款将在五个工作日内原路退回。 [1]"
    )


@pytest.mark.parametrize(
    ("sentence", "close"),
    [
        ("Membership costs 20 € a year and begins at once.", True),
        ("The membership costs 20 € a year and begins at once.", True),
        ("The club is 20 € a year.", False),
        ("Membership begins on Monday.", False),
    ],
)
def test_retells_wants_the_line_nearly_word_for_word_and_nearly_whole(
    sentence: str, close: bool
) -> None:
    club = Passage("1", "The club", "Membership costs 20 € a year and begins at once. No minimum.")

    assert retells(sentence, club) is close


def test_other_first_words_make_another_sentence() -> None:
    feet = Passage(
        "1", "Feet", "Measure in the evening, when feet are larger: stand on paper, add 12 mm."
    )
    assert retells(
        "The measure in the evening, when feet are larger: stand on paper, add 12 mm.", feet
    )
    assert not retells(
        "You are in the evening, when feet are larger: stand on paper, add 12 mm.", feet
    )


def test_words_of_meaning_may_neither_be_exchanged_nor_left_out_at_the_beginning() -> None:
    line = "The time between exposure to a virus and the moment when symptoms start is commonly six days."
    exposed = Passage("1", "Time", line)

    assert retells(line, exposed)
    assert not retells(line.replace("time between exposure to", "symptoms of"), exposed)
    assert not retells(line.replace("The time between exposure to a", "A"), exposed)


def test_a_model_that_must_keep_close_is_stopped_at_half_a_line() -> None:
    stores = Passage(
        "1", "Stores", "Hamburg — Lindenkai 12, 20457 Hamburg. Monday to Friday 10-19."
    )
    gate = SupportGate([stores], lambda _text: None, closely=True)

    gate.feed("The stores are 20457 Hamburg. Monday to Friday 10-19. ")

    assert (gate.text, gate.stopped) == ("", True)


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        (
            "The gown is not fully understood, gowns are available that protect against germs.",
            "While the strength of the gown is not fully understood, gowns are available that protect against germs.",
        ),
        (
            "The parcel, it may be left with a neighbour of yours on the day.",
            "If they have the parcel, it may be left with a neighbour of yours on the day.",
        ),
        (
            "The signs of wear are thin soles, open seams, and worn zips.",
            "The most common signs of wear are thin soles, open seams, and worn zips.",
        ),
        (
            "To be a refund is paid within five working days of the arrival of the parcel.",
            "The refund is paid within five working days of the arrival of the parcel.",
        ),
        (
            "Repairs of tents and bags are free for members of the club in every year.",
            "Repairs of tents and bags are free for members of the club in every year, unless the fault is yours.",
        ),
    ],
)
def test_a_condition_or_a_degree_that_was_left_out_makes_another_sentence(
    sentence: str, line: str
) -> None:
    assert not retells(sentence, Passage("1", "Help", line))


def test_an_article_may_be_added_and_an_aside_left_out() -> None:
    line = (
        "Farwander workshops, in Hamburg and Berlin, mend tents, packs, jackets, sleeping bags and boots of all "
        "makers in about ten working days after they have arrived."
    )

    assert retells(f"The {line}", Passage("1", "Help", line))
    assert retells(line.replace(", in Hamburg and Berlin,", ""), Passage("1", "Help", line))
