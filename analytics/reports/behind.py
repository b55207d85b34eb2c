"""The conversations behind a number, found by the statement that counted them."""

import re
from collections.abc import Mapping
from typing import Any, LiteralString

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from analytics.reports import (
    bot,
    expected,
    handoffs,
    knowledge,
    people,
    quality,
    responses,
    satisfaction,
    suggestions,
    surveys,
    topics,
    usage,
    volume,
    waiting,
)
from analytics.reports.scope import Scope
from conversations.models import Conversation

_NUMBERS: Mapping[str, Mapping[str, LiteralString]] = {
    "volume": volume.BEHIND,
    "bot": bot.BEHIND,
    "handoffs": handoffs.BEHIND,
    "usage": usage.BEHIND,
    "responses": responses.BEHIND,
    "waiting": waiting.BEHIND,
    "satisfaction": satisfaction.BEHIND,
    "expected": expected.BEHIND,
    "surveys": surveys.BEHIND,
    "people": people.BEHIND,
    "knowledge": knowledge.BEHIND,
    "suggestions": suggestions.BEHIND,
    "quality": quality.BEHIND,
    "topics": topics.BEHIND,
}
# What a number counts. A `{}` is filled with its detail; one that is a uuid is left unsaid.
_WORDS = {
    "volume.opened": "opened",
    "volume.written": "in which the customer wrote",
    "volume.inbox": "that came in through {}",
    "volume.language": "in the language {}",
    "volume.hour": "that began in the hour after {}:00",
    "bot.solved": "that the bot settled alone",
    "bot.verdict": "that ended as “{}” with the bot",
    "quality.scored": "that were scored",
    "quality.bot": "in which the bot was scored",
    "quality.agent": "in which this agent was scored",
    "quality.fatal": "whose score a fatal no made 0",
    "quality.answered": "in which “{}” was answered",
    "quality.low": "in which “{}” was answered with a no, or low",
    "quality.not_scored": "that were not scored ({})",
    "topics.all": "in which something was asked",
    "topics.topic": "about this topic",
    "topics.handed": "about this topic that were handed over",
    "topics.elsewhere": "about no topic",
    "handoffs.all": "in which a person was asked for",
    "handoffs.reason": "handed to a person because of “{}”",
    "expected.all": "whose satisfaction was forecast",
    "expected.bot": "that the bot had alone, with a forecast",
    "expected.agent": "of this agent, with a forecast",
    "expected.language": "in the language {}, with a forecast",
    "expected.inbox": "through {}, with a forecast",
    "expected.silent": "that were probably not satisfying, and were not rated",
    "surveys.asked": "whose customer got a survey",
    "surveys.answered": "about which a survey was answered",
    "surveys.cause": "rated badly because of “{}”",
    "suggestions.used": "in which an agent used a suggestion",
    "suggestions.agent": "in which an agent used a suggestion ({})",
    "suggestions.offered": "in which something was suggested to an agent",
    "usage.answers": "that the bot answered in",
    "usage.inbox": "that the bot answered in, in {}",
    "usage.less": "in which the bot did less than usual ({})",
    "responses.first": "that had a first answer",
    "responses.slow": "whose first answer took {} seconds or more",
    "responses.unanswered": "without a first answer",
    "responses.human": "that a person answered after a handoff",
    "responses.human_slow": "in which a person took {} seconds or more",
    "responses.human_unanswered": "that no person answered after a handoff",
    "waiting.entered": "that waited for a person",
    "waiting.served": "that were served from a queue",
    "waiting.abandoned": "in which the customer gave up waiting",
    "waiting.waiting": "that still wait",
    "waiting.within": "served within the target",
    "waiting.slow": "served after {} seconds or more",
    "satisfaction.rated": "that were rated",
    "satisfaction.score": "rated {} of 5",
    "satisfaction.happy": "rated 4 or 5",
    "satisfaction.bot_only": "rated, without a person",
    "satisfaction.by_person": "rated, with a person",
    "satisfaction.asked": "whose customer was asked how it was",
    "people.handled": "taken by this agent",
    "people.rated": "of this agent that were rated",
    "people.declined": "declined by this agent",
    "people.missed": "missed by this agent",
    "knowledge.cited": "answered from the article {}",
    "knowledge.answered": "answered from articles",
    "knowledge.unanswered": "handed over because no article answered",
}
_NAMED = re.compile(r"%\((\w+)\)s")
_WHOLE_NUMBER = {"satisfaction.score"}
_KEY = {"surveys.asked", "surveys.answered"}
_NUMBER = {"responses.slow", "responses.human_slow", "waiting.slow"}
_SECONDS = re.compile(r"\d{1,9}(\.\d{1,20})?( [0-9a-f-]{36})?")


class NoSuchNumber(ValueError):
    """No report has a number of that name."""


def narrow(
    conversations: QuerySet[Conversation], number: str, detail: str, scope: Scope
) -> QuerySet[Conversation]:
    """Only those that `number` (`report.name`, such as `bot.solved`) counted in this scope.

    `detail` says which one, where there are several: a reason, a score, an agent. Raises
    NoSuchNumber.
    """
    report, _, name = number.partition(".")
    statement = _NUMBERS.get(report, {}).get(name)
    if statement is None or not _fits(number, detail):
        raise NoSuchNumber(number)
    values = {**scope.values(), "detail": detail}
    sql, ordered = positional(statement, values)
    return conversations.filter(pk__in=RawSQL(sql, ordered))  # noqa: S611 -- our own statements


def in_words(number: str, detail: str) -> str:
    """ "Conversations …" that a number counts."""
    if number in _KEY:
        return f"conversations {_WORDS[number]}"
    plain = detail.split(" ", maxsplit=1)[0]
    if number.endswith("slow"):
        plain = plain.partition(".")[0]
    return f"conversations {_WORDS.get(number, number).format(plain)}"


def _fits(number: str, detail: str) -> bool:
    if "\x00" in detail or len(detail) > 200:
        return False
    if number in _WHOLE_NUMBER:
        return detail in {"1", "2", "3", "4", "5"}
    if number in _KEY:
        return detail.isascii() and detail.isdecimal() and len(detail) < 19
    return number not in _NUMBER or _SECONDS.fullmatch(detail) is not None


def positional(statement: str, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """`%(name)s` → `%s` with the values in order, to stand inside another statement."""
    return _NAMED.sub("%s", statement), [values[name] for name in _NAMED.findall(statement)]
