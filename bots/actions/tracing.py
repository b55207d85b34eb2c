"""What a turn knew and did, written down without personal data."""

import hashlib
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache, cached_property
from inspect import getsource
from typing import Any

from django.conf import settings
from django.db import transaction

from bots.actions.speech import Spoken
from bots.actions.turn import BotTurn, vault_of
from bots.answering.chance import contributions
from bots.answering.manner import Manner, names_of
from bots.answering.proposals import Claim, Proposal
from bots.behaviour.ladder import Rung
from bots.language import prompt
from bots.language.model import Description, LanguageModel, Load, Turn
from bots.models import BotTrace
from bots.privacy.vault import Vault
from conversations.trace import trace

logger = logging.getLogger(__name__)

_PASSAGE = 2_000  # characters of a passage that are kept
_WORDS = 4_000  # of a question, of each line before it, and of an answer
_DELETED_AT_ONCE = 1_000


@cache
def prompt_version() -> str:
    """Names the instructions that a model is given: another text, another name."""
    return hashlib.sha256(getsource(prompt).encode()).hexdigest()[:12]


class Notes:
    """Gathered while the turn is taken; kept with its end."""

    def __init__(self, turn: BotTurn) -> None:
        self.turn = turn
        self._begun = time.monotonic()
        self._stages: list[dict[str, Any]] = []
        self.rung = Rung("generate")
        self.manner: Manner | None = None
        self.proposal: Proposal | None = None
        self.spoken: Spoken | None = None
        self.first_word_seconds: float | None = None
        self.load: Load | None = None
        self.model: Description | None = None
        self.quota = ""
        self.may_generate = True
        self.procedure: dict[str, Any] | None = None

    @cached_property
    def vault(self) -> Vault:
        """Asked for outside of a transaction first: it gives its connection back."""
        return vault_of(self.turn.conversation_id)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        begun = time.monotonic()
        try:
            yield
        finally:
            now = time.monotonic()
            self._stages.append(
                {
                    "name": name,
                    "at": round(begun - self._begun, 4),
                    "seconds": round(now - begun, 4),
                }
            )

    def describe(self, writer: LanguageModel) -> None:
        self.load, self.model = writer.load(), writer.describe()

    def keep(
        self, outcome: str, *, reason: str, at: datetime, answer_seq: int | None = None
    ) -> None:
        """Stores the turn. A trace that can't be stored is no reason not to answer."""
        if not settings.BOT_TRACE_DAYS:
            return
        turn, proposal, spoken = self.turn, self.proposal, self.spoken
        try:
            data = self._data(self.vault)
            with transaction.atomic():
                BotTrace.objects.update_or_create(
                    conversation_id=turn.conversation_id,
                    run=turn.run,
                    defaults={
                        "uuid": turn.key,
                        "inbox_id": turn.inbox_id,
                        "asked_seq": turn.asked_seq,
                        "answer_seq": answer_seq,
                        "trace": trace.get(),
                        "at": at,
                        "outcome": outcome,
                        "reason": reason,
                        "by": spoken.by if spoken else "",
                        "step": self.rung.step,
                        "chance": proposal.chance if proposal else None,
                        "tokens": spoken.tokens if spoken else 0,
                        "seconds": (at - turn.asked_at).total_seconds(),
                        "data": data,
                    },
                )
        except Exception:
            logger.exception("A turn was not traced", extra={"conversation": turn.conversation_id})

    def _data(self, vault: Vault) -> dict[str, Any]:
        turn = self.turn
        data: dict[str, Any] = {
            "question": vault.redacted(turn.question)[:_WORDS],
            "history": [
                {"role": line.role, "text": _without_persons(line, vault)} for line in turn.history
            ],
            "before": vault.redacted(turn.before)[:_WORDS],
            "reader": str(turn.reader),
            "why": self.rung.why,
            "quota": self.quota,
            "stages": self._stages,
            "first_word_seconds": self.first_word_seconds,
            "prompt": prompt_version(),
            "model": asdict(self.model) if self.model else None,
            "load": asdict(self.load) if self.load else None,
            "manner": manner_kept(self.manner),
            "sentiment": turn.sentiment,
        }
        if self.procedure is not None:
            slots = self.procedure.get("slots", {})
            covered = {name: vault.redacted(str(value)) for name, value in slots.items()}
            data["procedure"] = {**self.procedure, "slots": covered}
        if self.proposal:
            data |= understood(self.proposal, vault)
        if self.spoken:
            data |= said(self.spoken, vault)
        return data


def _without_persons(line: Turn, vault: Vault) -> str:
    words = vault.covered(line.text) if line.role == "bot" else vault.redacted(line.text)
    return words[:_WORDS]


def manner_kept(manner: Manner | None) -> dict[str, Any] | None:
    """How the bot might speak, as a trace keeps it."""
    if manner is None:
        return None
    return {
        "mode": str(manner.mode),
        "guidelines": list(names_of(manner.guidelines)),
        "rules": [{**asdict(one), "excludes": sorted(one.excludes)} for one in manner.guidelines],
        "never": list(manner.never),
        "longest": manner.longest,
        "caution": manner.caution,
        "expected_wait": manner.expected_wait,
        "callback": manner.callback,
    }


def said(spoken: Spoken, vault: Vault) -> dict[str, Any]:
    """The answer and what it cites, without personal data."""
    return {
        "answer": vault.covered(spoken.text)[:_WORDS],
        "claims": [_claim(one, vault) for one in spoken.claims],
        "dropped": [vault.covered(one)[:_WORDS] for one in spoken.dropped],
        "citations": [
            {
                "article": str(one.article),
                "version": one.version,
                "title": one.title,
                "start": one.start,
                "end": one.end,
            }
            for one in spoken.citations
        ],
    }


def _claim(claim: Claim, vault: Vault) -> dict[str, Any]:
    return {
        "text": vault.covered(claim.text)[:_WORDS],
        "citation": claim.citation,
        "article": str(claim.article),
        "version": claim.version,
        "start": claim.start,
        "end": claim.end,
        "support": claim.support,
    }


def understood(proposal: Proposal, vault: Vault) -> dict[str, Any]:
    """What was found and decided, without personal data."""
    versions = {str(one.article): one.version for one in proposal.citations}
    return {
        "language": proposal.language,
        "intent": proposal.intent,
        "decision": proposal.decision,
        "confidence": proposal.confidence,
        "features": dict(proposal.features),
        "requests": [
            {
                "text": vault.redacted(one.text)[:_WORDS],
                "decision": one.decision,
                "reason": one.reason,
                "chance": one.chance,
                "evidence": asdict(one.evidence) if one.evidence else None,
                "features": dict(one.features),
            }
            for one in proposal.requests
        ],
        "passages": [
            {
                "article": one.article,
                "version": versions.get(one.article, 0),
                "title": one.title,
                "language": one.language,
                "text": one.text[:_PASSAGE],
                "score": one.score,
                "parts": dict(one.parts),
            }
            for one in proposal.passages
        ],
        "candidates": [
            {
                "article": one.passage.article,
                "language": one.passage.language,
                "parts": dict(one.passage.parts),
            }
            for one in proposal.sources
        ],
        "contributions": contributions(proposal.features, proposal.fitted),
        "knowledge": proposal.knowledge,
    }


def forget_old_turns(*, at: datetime) -> int:
    """Deletes what is older than the setting says, some at a time; answers how many."""
    before = at - timedelta(days=settings.BOT_TRACE_DAYS)
    count = 0
    while True:
        old = BotTrace.objects.filter(at__lt=before).order_by("at").values("pk")[:_DELETED_AT_ONCE]
        gone, _ = BotTrace.objects.filter(pk__in=old).delete()
        count += gone
        if not gone:
            return count
