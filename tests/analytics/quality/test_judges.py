"""Each judge on words that say what it is asked, in English and Chinese."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from analytics.quality.reads.ground import said_in, speller
from analytics.quality.rules.registry import JUDGES
from analytics.quality.rules.talk import Ending, Ground, Line, Part
from bots.language.model import Passage
from tests.make import NOON

pytestmark = pytest.mark.unit

GROUND = Ground(
    crossness=lambda line: 0.9 if "!!" in line.text or "！！" in line.text else 0.0,
    sensitive=lambda text: [(text.find("guarantee"), text.find("guarantee") + 9)] if "guarantee" in text else [],
    misspelt=speller("zh"),
    language_of=lambda text, _: "zh" if any("\u4e00" <= c <= "\u9fff" for c in text) else "en",
)  # fmt: skip


def part(*said: tuple[str, str] | tuple[str, str, float], **more: Any) -> Part:
    """(who, words, seconds after noon): c is the customer, m whoever is judged, o somebody else."""
    lines = []
    for seq, (who, text, *when) in enumerate(said, start=1):
        at = NOON + timedelta(seconds=when[0] if when else seq * 10)
        author = {"c": "customer", "m": "agent", "o": "bot"}[who]
        lines.append(Line(seq, at, author, text, mine=who == "m", to_me=who == "c"))  # type: ignore[arg-type]
    ending = replace(
        Ending(at=NOON + timedelta(days=3), ended_at=NOON + timedelta(hours=1), by="agent"),
        **more.pop("ending", {}),
    )
    return Part("agent", more.pop("language", "en"), lines, ending, ground=GROUND, **more)


def test_a_list_in_one_sentence_is_as_true_as_its_worst_line() -> None:
    body = "- **Lark 1:** one person, 1.2 kg\n- **Heron 2:** two people, 2.1 kg, two doors"
    article = [Passage("tents", "Which tent?", body, "en")]
    assert said_in("Lark 1: one person, 1.2 kg; Heron 2: two people, 2.1 kg", article).is_enough
    assert not said_in("Lark 1: one person, 1.2 kg; Heron 2: two people, 2.9 kg", article).is_enough


CASES = [
    ("greets", part(("c", "Where is it?"), ("m", "Good morning, let me look.")), 1),
    ("greets", part(("c", "Where is it?"), ("m", "It left on Monday.")), 0),
    ("greets", part(("c", "在哪？"), ("m", "您好，我帮您查一下。")), 1),
    ("greets", part(("c", "在哪？"), ("m", "周一发的。")), 0),
    ("introduces", part(("c", "?"), ("m", "Hi, my name is Ann.")), 1),
    ("introduces", part(("c", "?"), ("m", "Hi there.")), 0),
    ("introduces", part(("c", "?"), ("m", "Ann from the workshop.",), names=("Ann",)), 1),
    ("introduces", part(("c", "？"), ("m", "您好，工号8012为您服务。")), 1),
    ("closes", part(("c", "Thanks"), ("m", "Anything else I can do?")), 1),
    ("closes", part(("c", "Thanks"), ("m", "祝您生活愉快，再见。")), 1),
    ("closes", part(("c", "Thanks"), ("m", "It is sent.")), 0),
    ("closes", part(("c", "Thanks"), ("m", "It is sent."), ending={"by": "customer"}), None),
    ("closes", part(("c", "Thanks"), ("m", "It is sent."), ending={"handed_on": True}), None),
    ("polite", part(("c", "?"), ("m", "Of course, thank you. May I have the number, please?")), 1),
    ("polite", part(("c", "?"), ("m", "Read the page yourself, it is not my problem.")), 0),
    ("polite", part(("c", "？"), ("m", "自己看，别烦我。")), 0),
    ("polite", part(("c", "？"), ("m", "好的，请您稍等。")), 1),
    ("empathises", part(("c", "This is a joke!!"), ("m", "I am so sorry about this.")), 1),
    ("empathises", part(("c", "This is a joke!!"), ("m", "What is the number?")), 0),
    ("empathises", part(("c", "气死了！！"), ("m", "非常抱歉给您带来不便。")), 1),
    ("empathises", part(("c", "Where is it?"), ("m", "On its way.")), None),
    ("no_silence", part(("c", "Where is it?"), ("m", "On its way."), ("c", "When will it come?")), 0),
    ("no_silence", part(("c", "Where is it?"), ("m", "On its way."), ("c", "Thanks")), 1),
    ("no_silence", part(("c", "多久能到呢"), ("m", "明天。")), 1),
    ("no_silence", part(("c", "Hello"), ("m", "Hello.")), None),
    ("keeps_promises", part(("c", "?"), ("m", "I will call you tomorrow.")), 0),
    ("keeps_promises", part(("c", "?"), ("m", "I'll get back to you.", 20), ("m", "It came.", 9000)), 1),
    ("keeps_promises", part(("c", "？"), ("m", "我稍后给您回电。"), ending={"followed_up": (NOON + timedelta(hours=2),)}), 1),
    ("keeps_promises", part(("c", "？"), ("m", "我稍后给您回电。")), 0),
    ("keeps_promises", part(("c", "?"), ("m", "I will call you."), ending={"at": NOON + timedelta(hours=2)}), None),
    ("keeps_promises", part(("c", "?"), ("m", "It is here.")), None),
    ("resolves", part(("c", "?"), ("m", "Done.")), 1),
    ("resolves", part(("c", "?"), ("m", "Done."), ending={"reopened_after": True}), 0),
    ("resolves", part(("c", "?"), ("m", "Done."), ending={"at": NOON + timedelta(hours=2)}), None),
    ("writes_up", part(("c", "?"), ("m", "Done."), ending={"disposition": "solved"}), 1),
    ("writes_up", part(("c", "?"), ("m", "Done."), ending={"disposition": "other", "disposition_by_time": True}), 0),
    ("guards_data", part(("c", "?"), ("m", "Please send me your full card number.")), 0),
    ("guards_data", part(("c", "?"), ("m", "Please never send us your password.")), 1),
    ("guards_data", part(("c", "?"), ("m", "The card is 4111 1111 1111 1111.")), 0),
    ("guards_data", part(("c", "？"), ("m", "请提供您的银行卡号和密码。")), 0),
    ("guards_data", part(("c", "？"), ("m", "请不要告诉任何人您的验证码。")), 1),
    ("obeys_the_house", part(("c", "?"), ("m", "I guarantee it.")), 0),
    ("obeys_the_house", part(("c", "?"), ("m", "It comes on Monday.")), 1),
    ("speaks_language", part(("c", "Where is my parcel now?"), ("m", "您的包裹正在路上，明天送到，请您放心。")), 0),
    ("speaks_language", part(("c", "Where is my parcel now?"), ("m", "It is on its way to you now.")), 1),
    ("spells_well", part(("c", "？"), ("m", "请您重新登陆您的帐号，稍侯片刻就可以看到了。"), language="zh"), 0),
    ("spells_well", part(("c", "？"), ("m", "请您重新登录您的账号，稍候片刻就可以看到了。"), language="zh"), 1),
]  # fmt: skip


@pytest.mark.parametrize(("name", "said", "value"), CASES)
def test_a_judge_says(name: str, said: Part, value: int | None) -> None:
    verdict = JUDGES[name].ask(said)

    found = None if verdict.signal is None else int(verdict.signal >= 0.5)
    assert found == value, verdict


def test_evidence_is_the_very_words() -> None:
    said = part(("c", "?"), ("m", "One moment. The card is 4111 1111 1111 1111, is it?"))

    (span,) = JUDGES["guards_data"].ask(said).evidence

    assert said.lines[1].text[span.start : span.end] == "4111 1111 1111 1111"


def test_answers_are_held_against_the_target_of_the_centre() -> None:
    said = [
        ("c", "Where is it?", 0),
        ("m", "One moment.", 30),
        ("c", "And when?", 40),
        ("m", "Now.", 400),
    ]

    slow = JUDGES["in_time"].ask(part(*said, target=timedelta(seconds=60)))
    fast = JUDGES["in_time"].ask(part(*said, target=timedelta(seconds=600)))
    free = JUDGES["in_time"].ask(part(*said))

    assert slow.signal is not None
    assert slow.signal < 0.5
    assert [span.seq for span in slow.evidence] == [3]
    assert "360 s" in slow.why
    assert fast.signal == 1
    assert free.signal is None


def test_what_was_asked_while_somebody_else_had_it_is_not_ones_own() -> None:
    said = part(("c", "Where is it?"), ("m", "On its way."))
    theirs = replace(said, lines=[*said.lines, Line(3, NOON, "customer", "And when?")])

    assert JUDGES["no_silence"].ask(theirs).signal == 1
