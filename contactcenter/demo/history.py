"""Eight weeks of the demo shop: customers asked, the bot and people answered, and the house learnt from it.

Everything is done by the actions that the running product uses, with the clock of that day, so that the
lists of what is learnt, the reports and the conversations show what they would show in a company's
own house. `history.json` holds only what people said and when.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from agents.actions.assign import claim
from agents.actions.offers import accept
from agents.actions.presence import mark_seen, set_presence
from agents.actions.route import route_waiting
from agents.actions.wrap_up import resolve
from agents.models import Agent, Offer
from bots.actions import gate
from bots.actions.answer import answer
from bots.actions.articles import catch_up
from bots.actions.editing import save_article, write_draft
from bots.actions.gaps import draft_article
from bots.actions.learned import learn_everything
from bots.actions.readers import count_search
from bots.knowledge.vectors import encoders
from bots.models import Article, Gap, Place, Visibility, Words
from bots.reads.found import found_articles
from contactcenter.demo.people import INBOX_KEY
from contactcenter.demo.routing import ZONE
from conversations.actions.customer import ask_for_a_person, finish, rate
from conversations.actions.post import post
from conversations.actions.session import Claims, open_session
from conversations.drafts import Draft
from conversations.lifecycle import BOT
from conversations.models import Conversation
from inboxes.models import Inbox

HISTORY = Path(__file__).parent / "history.json"
OPENS, CLOSES = time(9), time(18)
READS, TYPES = timedelta(seconds=25), timedelta(seconds=40)


@dataclass(frozen=True)
class Talk:
    """One conversation: what its customer wrote, each after an answer, and what an agent replied."""

    who: str
    days: int
    at: str
    asks: list[str]
    agent: str = ""
    replies: list[str] = field(default_factory=list)
    language: str = "en"
    code: str = "solved"
    score: int = 0
    comment: str = ""

    def begins(self, today: datetime) -> datetime:
        day = today.astimezone(ZoneInfo(ZONE)).date() - timedelta(days=self.days)
        return datetime.combine(day, time.fromisoformat(self.at), tzinfo=ZoneInfo(ZONE))


def live_through(*, at: datetime, path: Path = HISTORY) -> int:
    """Lets the shop's past happen, as long as nobody else has said anything; how many talked. What a
    killed start has left out happens the next time."""
    past = json.loads(path.read_text(encoding="utf-8"))
    talks = sorted((Talk(**one) for one in past["talks"]), key=lambda one: one.begins(at))
    talked = set(Conversation.objects.values_list("customer__name", flat=True))
    if talked - {talk.who for talk in talks}:
        return 0
    talks = [talk for talk in talks if talk.who not in talked]
    if not talks:
        return 0
    _write_notes(past["notes"], at=at - timedelta(weeks=9))
    days: dict[int, list[Talk]] = {}
    for talk in talks:
        days.setdefault(talk.days, []).append(talk)
    for same_day in days.values():
        _day(same_day, today=at)
    _search(past["searches"], today=at)
    for _ in range(2):  # what is joined in the first round is explained again in the second
        learn_everything(encoders=encoders(), at=at)
    _edit(past, at=at)
    return len(talks)


# --- a day --------------------------------------------------------------------------------


def _day(talks: list[Talk], *, today: datetime) -> None:
    """Whoever answers something that day is at work from nine to six."""
    names = {talk.agent for talk in talks if talk.agent}
    staff = list(Agent.objects.filter(username__in=names, is_active=True))
    date = talks[0].begins(today).date()
    opens, closes = (datetime.combine(date, one, tzinfo=ZoneInfo(ZONE)) for one in (OPENS, CLOSES))
    for agent in staff:
        set_presence(agent_id=agent.pk, status="online", at=opens)
    for talk in talks:
        _Conversation(talk, {agent.username: agent for agent in staff}, today=today).happens()
    for agent in staff:
        set_presence(agent_id=agent.pk, status="offline", at=closes)


class _Conversation:
    """It happens step by step, each at its time."""

    def __init__(self, talk: Talk, staff: Mapping[str, Agent], *, today: datetime) -> None:
        self.talk, self.agent, self.now = talk, staff.get(talk.agent), talk.begins(today)
        inbox = Inbox.objects.get(key=INBOX_KEY)
        opened = open_session(
            inbox=inbox,
            language=talk.language,
            claims=Claims(name=talk.who),
            origin="",
            at=self.now,
        )
        self.pk = opened.conversation.pk

    def happens(self) -> None:
        for text in self.talk.asks:
            self._asks(text)
        if self.agent is not None and self.talk.replies:
            self._is_helped(self.agent)
        else:
            finish(conversation_id=self.pk, at=self._later(READS))
        if self.talk.score:
            rate(
                conversation_id=self.pk,
                score=self.talk.score,
                comment=self.talk.comment,
                at=self._later(READS),
            )

    def _asks(self, text: str) -> None:
        post(Draft(self.pk, "customer", text, self._later(TYPES)))
        self._is_seen()
        if self._is_with_the_bot():
            answer(conversation_id=self.pk, model=lambda: None, clock=lambda: self.now)

    def _is_helped(self, agent: Agent) -> None:
        if self._is_with_the_bot():
            ask_for_a_person(conversation_id=self.pk, at=self._later(READS))
        self._is_seen()
        route_waiting(at=self._later(READS))
        offered = Offer.objects.filter(conversation=self.pk, agent=agent, ended_at=None).exists()
        take: Callable[..., object] = accept if offered else claim
        take(conversation_id=self.pk, agent_id=agent.pk, at=self._later(timedelta(seconds=6)))
        for text in self.talk.replies:
            post(
                Draft(
                    self.pk,
                    "agent",
                    text,
                    self._later(TYPES),
                    author_name=agent.shown_name,
                    agent_id=agent.pk,
                )
            )
        resolve(
            conversation_id=self.pk,
            agent_id=agent.pk,
            disposition=self.talk.code,
            note="",
            at=self._later(READS),
        )

    def _is_seen(self) -> None:
        """Whoever is to answer has a console open, which is heard of all the time."""
        if self.agent is not None:
            mark_seen(agent_ids=[self.agent.pk], at=self.now)

    def _is_with_the_bot(self) -> bool:
        return Conversation.objects.filter(pk=self.pk, state=BOT).exists()

    def _later(self, by: timedelta) -> datetime:
        self.now += by
        return self.now


# --- what else happens in a house -----------------------------------------------------------


def _write_notes(notes: Iterable[Mapping[str, Any]], *, at: datetime) -> None:
    """What only agents read."""
    known = set(Article.objects.values_list("title", flat=True))
    for note in notes:
        if note["title"] in known:
            continue
        article = Article(
            **note, language="en", state=Article.State.PUBLISHED, visibility=Visibility.AGENTS
        )
        save_article(article, by_id=None, at=at)
    catch_up(encoders=encoders(), at=at)


def _search(searches: Iterable[Mapping[str, Any]], *, today: datetime) -> None:
    """In the help centre, by strangers."""
    for place, one in enumerate(searches):
        found = len(found_articles(one["words"], language=one["language"]))
        for number, days in enumerate(one["days"]):
            count_search(
                one["words"],
                found=found,
                visitor=f"demo-{place}-{number}",
                place=Place.HELP,
                language=one["language"],
                at=today - timedelta(days=days),
            )


def _edit(past: Mapping[str, Any], *, at: datetime) -> None:
    """The manager begins an article for what was asked most, and changes one that helped: that waits for
    the past questions, which the worker replays."""
    manager = Agent.objects.filter(username="manager").first()
    by_id = manager.pk if manager else None
    gap = Gap.objects.filter(state=Gap.State.OPEN).exclude(evidence={}).first()
    if gap is not None:
        draft_article(gap=gap.uuid, by_id=by_id, at=at)
    for edit in past["edits"]:
        article = Article.objects.filter(external_id=edit["article"]).first()
        if article is not None and edit["was"] in article.body:
            _replay(article, edit, by_id=by_id, at=at)


def _replay(article: Article, edit: Mapping[str, Any], *, by_id: int | None, at: datetime) -> None:
    key: UUID = article.uuid
    body = article.body.replace(edit["was"], edit["becomes"])
    with transaction.atomic():
        write_draft(
            article=key,
            words=replace(Words.of(article), body=body),
            reason=edit["reason"],
            by_id=by_id,
            at=at,
        )
    gate.begin(article=key, by_id=by_id, at=at)
