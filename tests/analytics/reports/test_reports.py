"""Every number, on a log small enough to count by hand; and every number's conversations."""

from datetime import datetime, timedelta

import pytest

from analytics.period import Period
from analytics.reports.behind import NoSuchNumber, narrow
from analytics.reports.bot import BotShare, bot_share
from analytics.reports.handoffs import Handoffs, handoffs
from analytics.reports.knowledge import Cited, Knowledge, knowledge
from analytics.reports.live import now
from analytics.reports.people import people
from analytics.reports.responses import responses
from analytics.reports.satisfaction import satisfaction
from analytics.reports.scope import Scope, Spread
from analytics.reports.usage import UsageLine, usage
from analytics.reports.volume import volume
from analytics.reports.waiting import waiting
from bots.models import BotUsage
from conversations.models import Conversation
from tests import make
from tests.analytics.story import Story
from tests.make import NOON

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

DAY = Period(NOON.replace(hour=0), NOON.replace(hour=0) + timedelta(days=1))


def scope(period: Period = DAY, *, inbox_id: int | None = None) -> Scope:
    return Scope(period, NOON + timedelta(hours=2), inbox_id)


def found(number: str, detail: str = "", within: Scope | None = None) -> set[int]:
    chosen = narrow(Conversation.objects.all(), number, detail, within or scope())
    return set(chosen.values_list("pk", flat=True))


def test_spans_are_half_open() -> None:
    Story(DAY.start).asks(0)
    Story(DAY.end).asks(0)
    Story(DAY.start - timedelta(microseconds=1)).asks(0)

    counted = volume(scope())

    assert (counted.opened, counted.written) == (1, 1)
    assert [point.opened for point in counted.points] == [1] + [0] * 23


def test_volume_by_inbox_and_language_counts_only_who_wrote() -> None:
    web, shop = make.inbox(key="web"), make.inbox(key="shop")
    talk = Story(NOON, inbox=web, language="en").asks(1)
    other = Story(NOON, inbox=shop, language="zh").asks(1)
    Story(NOON, inbox=shop, language="zh")

    counted = volume(scope())

    assert (counted.opened, counted.written) == (3, 2)
    assert counted.by_inbox == {"web": 1, "shop": 1}
    assert counted.by_language == {"en": 1, "zh": 1}
    assert counted.by_hour == tuple([0] * 12 + [2] + [0] * 11)
    assert volume(scope(inbox_id=shop.pk)).by_inbox == {"shop": 1}
    assert found("volume.written") == {talk.pk, other.pk}
    assert found("volume.inbox", "shop") == {other.pk}
    assert found("volume.hour", "12") == {talk.pk, other.pk}
    assert found("volume.hour", "11") == set()


def test_nothing_happened_is_unknown_not_zero() -> None:
    assert volume(scope()).written == 0
    assert bot_share(scope()) == BotShare(0, 0, 0, 0, 0, 0, 0, 0, None)
    assert responses(scope()).first == Spread(0, None, None, None)
    assert responses(scope()).human == Spread(0, None, None, None)
    assert waiting(scope()).total.level is None
    assert waiting(scope()).total.wait == Spread(0, None, None, None)
    assert satisfaction(scope()).total.average is None
    assert satisfaction(scope()).response_rate is None
    assert people(scope()) == ()
    assert now(at=NOON).longest_wait is None


def test_the_bot_is_credited_only_for_an_answer_that_was_the_last_word() -> None:
    agent = make.agent()
    stories = {
        "assumed": Story(NOON).asks(1).bot(2),
        "confirmed": Story(NOON).asks(1).bot(2).rated(60, 5),
        "confirmed too": Story(NOON).asks(1).bot(2).customer_ends(60),
        "unhappy": Story(NOON).asks(1).bot(2).rated(60, 2),
        # Silence after a question that nobody answered is not a success.
        "abandoned": Story(NOON).asks(1).bot(2).asks(30),
        "ended unanswered": Story(NOON).asks(1).customer_ends(60),
        "clarified": Story(NOON).asks(1).bot(2, decision="clarify"),
        "handed over": Story(NOON).asks(1).bot(2).asks(30).hands_over(31),
        "taken": Story(NOON).asks(1).bot(2).hands_over(31).taken(40, agent),
        "thanked": Story(NOON)
        .asks(1)
        .bot(2)
        .asks(3, "Thank you")
        .bot(4, "clarify", reason="thanks"),
        "closed in silence": Story(NOON).asks(1).bot(2).closed_in_silence(600),
        "never asked": Story(NOON),
    }

    share = bot_share(scope())

    assert share == BotShare(
        conversations=11, confirmed=3, assumed=1, silent=1, unhappy=1, unanswered=3, person=2,
        pending=0, share=4 / 11,
    )  # fmt: skip
    assert share.solved == 4
    assert found("bot.solved") == {
        stories[name].pk for name in ("assumed", "confirmed", "confirmed too", "thanked")
    }
    assert found("bot.verdict", "unanswered") == {
        stories[name].pk for name in ("abandoned", "ended unanswered", "clarified")
    }


def test_a_question_being_answered_is_not_counted_yet() -> None:
    Story(NOON).asks(0)

    share = bot_share(Scope(DAY, NOON + timedelta(seconds=30)))

    assert (share.pending, share.unanswered, share.share) == (1, 0, None)


def test_handoffs_are_counted_by_reason() -> None:
    asked = Story(NOON).asks(1).hands_over(2)
    Story(NOON).asks(1).hands_over(2, reason="unsure")
    Story(NOON).asks(1).hands_over(2)

    assert handoffs(scope()) == Handoffs(3, {"asked": 2, "unsure": 1})
    assert asked.pk in found("handoffs.reason", "asked")
    assert len(found("handoffs.all")) == 3


def test_first_answers_are_of_anybody_and_of_a_person_after_a_handoff() -> None:
    agent = make.agent()
    for seconds in (2, 4, 6):
        Story(NOON).asks(10).bot(10 + seconds)
    silent = Story(NOON).asks(1)
    handed = (
        Story(NOON)
        .asks(10)
        .bot(11)
        .hands_over(20)
        .taken(30, agent)
        .agent_says(31, agent, note=True)  # a note is no answer
        .agent_says(50, agent)
    )
    waits = Story(NOON).asks(10).bot(11).hands_over(20)

    report = responses(scope())

    # 1, 1, 2, 4, 6 seconds
    assert (report.first.count, report.first.p50) == (5, 2.0)
    assert [report.first.p90, report.first.p95] == pytest.approx([5.2, 5.6])
    assert (report.first_unanswered, report.first_by_bot) == (1, 5)
    assert report.human == Spread(1, 30.0, 30.0, 30.0)
    assert report.human_unanswered == 1
    assert found("responses.unanswered") == {silent.pk}
    assert found("responses.human") == {handed.pk}
    assert found("responses.human_unanswered") == {waits.pk}
    assert len(found("responses.slow", "4.000000")) == 2


def test_waits_end_by_an_agent_by_giving_up_or_not_at_all() -> None:
    queue = make.queue(name="Support", is_default=True, target_seconds=60)
    agent = make.agent()
    soon = Story(NOON).asks(0).hands_over(10).taken(40, agent)
    late = Story(NOON).asks(0).hands_over(10).taken(110, agent)
    gave_up_late = Story(NOON).asks(0).hands_over(10).customer_ends(200)
    gave_up_soon = Story(NOON).asks(0).hands_over(10).customer_ends(15)
    still = Story(NOON + timedelta(hours=1)).asks(0).hands_over(10)

    report = waiting(scope())

    total = report.total
    assert (total.entered, total.served, total.abandoned, total.waiting) == (5, 2, 2, 1)
    # In time: one of those served, the one who gave up late, and the one who waits too long.
    assert (total.within, total.counted, total.level) == (1, 4, 1 / 4)
    assert (total.wait.p50, total.longest) == (65.0, 100.0)
    assert [line.queue for line in report.queues] == ["Support"]
    assert report.queues[0].target_seconds == 60
    assert found("waiting.within") == {soon.pk}
    assert found("waiting.abandoned", str(queue.uuid)) == {gave_up_late.pk, gave_up_soon.pk}
    assert found("waiting.waiting") == {still.pk}
    assert found("waiting.slow", f"90.5 {queue.uuid}") == {late.pk}


def test_who_has_just_joined_does_not_count_against_the_target() -> None:
    make.queue(is_default=True, target_seconds=60)
    Story(NOON).asks(0).hands_over(10)

    line = waiting(Scope(DAY, NOON + timedelta(seconds=30))).total

    assert (line.waiting, line.counted, line.level) == (1, 0, None)


def test_the_last_rating_of_a_conversation_counts() -> None:
    agent = make.agent()
    changed = Story(NOON).asks(1).bot(2).customer_ends(3).rated(4, 1).rated(9, 4)
    with_person = (
        Story(NOON).asks(1).hands_over(2).taken(3, agent).agent_ends(9, agent).rated(10, 2)
    )
    Story(NOON).asks(1).bot(2).customer_ends(3)
    Story(NOON).asks(1).bot(2)  # still open: was not asked

    report = satisfaction(scope())

    assert (report.total.answers, report.total.average) == (2, 3.0)
    assert report.total.distribution == (0, 1, 0, 1, 0)
    assert (report.total.happy, report.total.happy_share) == (1, 0.5)
    assert (report.bot_only.average, report.by_person.average) == (4.0, 2.0)
    assert (report.asked, report.response_rate) == (3, 2 / 3)
    assert found("satisfaction.score", "4") == {changed.pk}
    assert found("satisfaction.score", "1") == set()
    assert found("satisfaction.by_person") == {with_person.pk}
    assert len(found("satisfaction.asked")) == 3


def test_agents_are_listed_by_what_they_took() -> None:
    ada, bao = make.agent(first_name="Ada"), make.agent(first_name="Bao")
    one = Story(NOON).asks(1).hands_over(2).taken(10, ada).agent_says(25, ada)
    one.agent_ends(60, ada).rated(70, 5)
    Story(NOON).asks(1).hands_over(2).taken(10, ada)
    Story(NOON).asks(1).hands_over(2).taken(10, bao)

    work = people(scope())

    assert [(w.name, w.handled, w.first_reply_p50, w.answers, w.satisfaction) for w in work] == [
        ("Ada", 2, 15.0, 1, 5.0),
        ("Bao", 1, None, 0, None),
    ]
    assert len(found("people.handled", str(ada.uuid))) == 2
    assert found("people.rated", str(ada.uuid)) == {one.pk}


def test_articles_are_counted_only_where_they_answered() -> None:
    one = Story(NOON).asks(1).bot(2, articles=("parcels", "returns"))
    Story(NOON).asks(1).bot(2).asks(3).bot(4)
    Story(NOON).asks(1).bot(2, decision="clarify", articles=("sizes",))
    missed = Story(NOON).asks(1).hands_over(2, reason="unsure")
    Story(NOON).asks(1).hands_over(2, reason="asked")

    report = knowledge(scope())

    assert report == Knowledge(
        turns=4,
        answered=3,
        unanswered=1,
        top=(
            Cited("parcels", None, None, answers=3, conversations=2),
            Cited("returns", None, None, answers=1, conversations=1),
        ),
    )
    assert found("knowledge.unanswered") == {missed.pk}
    assert found("knowledge.cited", "returns") == {one.pk}


def test_now_says_who_waits_and_who_is_free() -> None:
    queue = make.queue(is_default=True)
    make.present_agent(queues=[queue])
    busy = make.present_agent(queues=[queue], capacity=1)
    Story(NOON - timedelta(minutes=9)).asks(0).hands_over(0).taken(5, busy)
    Story(NOON - timedelta(minutes=2)).asks(0).hands_over(0)
    Story(NOON - timedelta(minutes=1)).asks(0).hands_over(0)

    state = now(at=NOON)

    assert (state.waiting, state.longest_wait, state.online, state.free) == (2, 120.0, 2, 1)


@pytest.mark.parametrize(
    ("number", "detail"),
    [
        ("bot.nothing", ""),
        ("nothing.at", ""),
        ("", ""),
        ("satisfaction.score", "six"),
        ("satisfaction.score", "6"),
        ("responses.slow", "1; DROP TABLE x"),
        ("waiting.slow", "now"),
        ("handoffs.reason", "a\x00b"),
    ],
)
def test_an_unknown_number_is_refused(number: str, detail: str) -> None:
    with pytest.raises(NoSuchNumber):
        found(number, detail)


def test_hours_of_a_day_are_the_centres_own(settings: object) -> None:
    late: datetime = DAY.end - timedelta(seconds=1)
    Story(late).asks(0)

    assert volume(scope()).points[-1].written == 1


def test_usage_counts_answers_tokens_and_what_was_done_with_less() -> None:
    web = make.inbox(key="web")
    talk = (
        Story(NOON, inbox=web).asks(1).bot(2, by="model").asks(3).bot(4, by="quote", quota="tokens")
    )
    talk.degraded(5, "shorter").hands_over(6)
    BotUsage.objects.create(inbox=web, day=NOON.date(), answers=2, by_model=1, tokens=40)

    counted = usage(scope())

    assert counted.inboxes == (UsageLine("web", 2, 1, 1, 1, 40),)
    assert (counted.answers, counted.tokens, counted.less) == (2, 40, {"shorter": 1})
    assert sum(point.by_model for point in counted.points) == 1
    for number, detail in (("answers", ""), ("inbox", "web"), ("less", "shorter")):
        assert found(f"usage.{number}", detail) == {talk.pk}
    assert found("usage.less", "quote") == set()
