"""What of a bot's profile decides which answer a question gets, as one value that can be kept and put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Self
from uuid import UUID

from django.apps import apps

from bots.answering.manner import FixedAnswer, Guideline, Manner, Mode
from bots.behaviour.keywords import said_first
from bots.models import BotFixedAnswer, BotGuideline, BotKeyword, BotProfile

Aside = Literal["", "keyword", "language"]


@dataclass(frozen=True, slots=True)
class Keyword:
    """`queue` is the public id of where they wait for a person; empty: where they would anyway."""

    words: str
    then: str
    queue: str = ""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a question is answered. When the bot is on, and how much of it there is, is not in it: that
    holds at once, as taking an article away does."""

    mode: Mode = Mode.GENERATE
    caution: float = 1.0
    longest: int = 0
    never: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    guidelines: tuple[Guideline, ...] = ()
    fixed: tuple[FixedAnswer, ...] = ()

    @classmethod
    def of(cls, profile: BotProfile) -> Self:
        """As it stands in the database; without a row, what the house does by itself."""
        is_row = profile.pk is not None
        return cls(
            mode=Mode(profile.mode),
            caution=float(profile.caution),
            longest=profile.longest,
            never=tuple(profile.never),
            languages=tuple(profile.languages),
            keywords=tuple(
                Keyword(one.words, one.then, str(one.queue.uuid) if one.queue else "")
                for one in (profile.keywords.all() if is_row else ())
            ),
            guidelines=tuple(
                Guideline(
                    then=one.then,
                    when=one.when,
                    name=one.name,
                    priority=one.priority,
                    excludes=frozenset(one.excludes),
                    never=tuple(one.never),
                )
                for one in (profile.guidelines.all() if is_row else ())
            ),
            fixed=tuple(
                FixedAnswer(words=tuple(one.words), text=one.text, language=one.language)
                for one in (profile.fixed_answers.all() if is_row else ())
            ),
        )

    @property
    def kept(self) -> dict[str, Any]:
        """As JSON, and as the API shows it; the same behaviour gives the same."""
        return {
            "mode": str(self.mode),
            "caution": self.caution,
            "longest": self.longest,
            "never": list(self.never),
            "languages": list(self.languages),
            "keywords": [
                {"words": one.words, "then": one.then, "queue": one.queue or None}
                for one in self.keywords
            ],
            "guidelines": [
                {
                    "name": one.name,
                    "when": one.when,
                    "then": one.then,
                    "priority": one.priority,
                    "excludes": sorted(one.excludes),
                    "never": list(one.never),
                }
                for one in self.guidelines
            ],
            "fixed_answers": [
                {"words": list(one.words), "text": one.text, "language": one.language}
                for one in self.fixed
            ],
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """The way back from `kept`."""
        return cls(
            mode=Mode(kept["mode"]),
            caution=kept["caution"],
            longest=kept["longest"],
            never=tuple(kept["never"]),
            languages=tuple(kept["languages"]),
            keywords=tuple(
                Keyword(one["words"], one["then"], one["queue"] or "") for one in kept["keywords"]
            ),
            guidelines=tuple(
                Guideline(
                    then=one["then"],
                    when=one["when"],
                    name=one["name"],
                    priority=one["priority"],
                    excludes=frozenset(one["excludes"]),
                    never=tuple(one["never"]),
                )
                for one in kept["guidelines"]
            ),
            fixed=tuple(
                FixedAnswer(tuple(one["words"]), one["text"], one["language"])
                for one in kept["fixed_answers"]
            ),
        )

    def put_into(self, profile: BotProfile) -> None:
        """Writes it; the profile is a row. A queue that is gone is where they would wait anyway."""
        profile.mode, profile.caution, profile.longest = self.mode, self.caution, self.longest
        profile.never, profile.languages = list(self.never), list(self.languages)
        profile.save(
            update_fields=["mode", "caution", "longest", "never", "languages", "updated_at"]
        )
        queues = _queues([one.queue for one in self.keywords if one.queue])
        for model in (BotKeyword, BotGuideline, BotFixedAnswer):
            model.objects.filter(profile=profile).delete()
        BotKeyword.objects.bulk_create(
            BotKeyword(
                profile=profile, words=one.words, then=one.then, queue_id=queues.get(one.queue)
            )
            for one in self.keywords
        )
        parts = self.kept
        BotGuideline.objects.bulk_create(
            BotGuideline(profile=profile, **one) for one in parts["guidelines"]
        )
        BotFixedAnswer.objects.bulk_create(
            BotFixedAnswer(profile=profile, **one) for one in parts["fixed_answers"]
        )

    def manner(self) -> Manner:
        return Manner(
            mode=self.mode,
            guidelines=self.guidelines,
            fixed=self.fixed,
            never=self.never,
            longest=self.longest,
            caution=self.caution,
        )

    def aside(self, question: str, language: str) -> Aside:
        """Why a person is asked before anything is looked up; empty when not."""
        keyword = said_first(self.keywords, question)
        if keyword is not None and keyword.then == BotKeyword.Then.PERSON:
            return "keyword"
        return "language" if self.languages and language not in self.languages else ""


def _queues(keys: Sequence[str]) -> dict[str, int]:
    """Their numbers by their public ids."""
    known = apps.get_model("agents", "Queue").objects.filter(uuid__in=[UUID(key) for key in keys])
    return {str(key): pk for key, pk in known.values_list("uuid", "pk")}


# --- what a change touches ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Touched:
    """Which questions a change can reach: all, or those that hold one of these words, or whose
    language is answered on one side only. `by_model`: only what a model writes can differ."""

    everything: bool = False
    words: tuple[str, ...] = ()
    languages: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    by_model: bool = False


def touched(before: Behaviour, after: Behaviour) -> Touched:
    was, becomes = (
        replace(one, mode=Mode.GENERATE, guidelines=(), never=()) for one in (before, after)
    )
    is_strict = [one.mode == Mode.STRICT for one in (before, after)]
    guidelines = _either(before.guidelines, after.guidelines)
    everything = (
        before.mode != after.mode
        or (before.caution, before.longest, before.never)
        != (after.caution, after.longest, after.never)
        or any(not one.when for one in guidelines)
    )
    words = [
        *(one.words for one in _either(before.keywords, after.keywords)),
        *(word for one in _either(before.fixed, after.fixed) for word in one.words),
        *(word for one in guidelines for word in one.when.split() if len(word) > 3),
    ]
    return Touched(
        everything,
        tuple(dict.fromkeys(words)),
        (before.languages, after.languages),
        by_model=was == becomes and is_strict[0] == is_strict[1],
    )


def _either(before: Sequence[Any], after: Sequence[Any]) -> list[Any]:
    """What stands on one side only."""
    return [one for one in (*before, *after) if (one in before) != (one in after)]
