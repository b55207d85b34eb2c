"""What the forecasts of calls are worth: what was decided by them beside what was drawn to go without."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from agents.callbacks.models import Attempt, Call, Need, Placing
from conversations.intervals import apart, wilson
from conversations.models import Event

LEAST = 30  # of either side, before anything is said
_HEARD = (
    Attempt.Outcome.REACHED,
    Attempt.Outcome.NO_ANSWER,
    Attempt.Outcome.BUSY,
    Attempt.Outcome.VOICEMAIL,
)


@dataclass(frozen=True, slots=True)
class Side:
    """`came` of `many`."""

    came: int
    many: int

    @property
    def share(self) -> float | None:
        return self.came / self.many if self.many else None


@dataclass(frozen=True, slots=True)
class Effect:
    """Those that were decided by the forecast, those that were drawn not to be, and by how much their shares
    differ, with the 95 % interval; None: too few."""

    chosen: Side
    drawn: Side
    between: tuple[float, float, float] | None

    @property
    def factor(self) -> float | None:
        """How many times as often."""
        one, other = self.chosen.share, self.drawn.share
        return one / other if self.between and one is not None and other else None

    @property
    def is_sure(self) -> bool:
        return self.between is not None and (self.between[1] > 0 or self.between[2] < 0)


@dataclass(frozen=True, slots=True)
class CallsWorth:
    """`attempts` that were heard; `calls` that ended, `done` of them with a talk; `placed`: answers to attempts
    whose time was chosen; `offered`: who gave up, of those who probably needed a call."""

    attempts: Side
    done: Side
    kept: Side
    placed: Effect
    offered: Effect


def worth(*, start: datetime, end: datetime, inbox_id: int | None) -> CallsWorth:
    heard = Attempt.objects.filter(at__gte=start, at__lt=end, outcome__in=_HEARD)
    over = Call.objects.filter(ended_at__gte=start, ended_at__lt=end, state__in=["done", "expired"])
    placed = Placing.objects.filter(due_at__gte=start, due_at__lt=end)
    needs = Need.objects.filter(at__gte=start, at__lt=end, is_likely=True, propensity__lt=1)
    if inbox_id is not None:
        heard = heard.filter(call__wish__conversation__inbox=inbox_id)
        over = over.filter(wish__conversation__inbox=inbox_id)
        placed = placed.filter(call__wish__conversation__inbox=inbox_id)
        needs = needs.filter(conversation__inbox=inbox_id)
    tried = heard.aggregate(
        came=Count("pk", filter=Q(outcome=Attempt.Outcome.REACHED)), many=Count("pk")
    )
    ended = over.aggregate(came=Count("pk", filter=Q(state=Call.State.DONE)), many=Count("pk"))
    first = over.filter(wanted_at__isnull=False).annotate(
        in_time=Exists(
            Attempt.objects.filter(
                call=OuterRef("pk"), at__gte=OuterRef("wanted_at"), at__lte=OuterRef("window_until")
            )
        )
    )
    kept = first.aggregate(came=Count("pk", filter=Q(in_time=True)), many=Count("pk"))
    return CallsWorth(Side(**tried), Side(**ended), Side(**kept), _placed(placed), _offered(needs))


def _placed(rows: QuerySet[Placing]) -> Effect:
    """By what was drawn, whatever room there was: only so both sides are alike."""
    answered = Attempt.objects.filter(
        call=OuterRef("call"), number=OuterRef("attempt"), outcome__in=_HEARD
    )
    tried = rows.filter(Exists(answered)).annotate(
        came=Exists(answered.filter(outcome=Attempt.Outcome.REACHED))
    )
    counted = {
        row["way"]: Side(row["came_many"], row["many"])
        for row in tried.order_by()
        .values("way")
        .annotate(many=Count("pk"), came_many=Count("pk", filter=Q(came=True)))
    }
    return _effect(
        counted.get(Placing.Way.CHOSEN, Side(0, 0)), counted.get(Placing.Way.IN_TURN, Side(0, 0))
    )


def _offered(rows: QuerySet[Need]) -> Effect:
    left = Event.objects.filter(
        conversation=OuterRef("conversation"), kind="abandoned", data__by="customer",
        created_at__gte=OuterRef("at"),
    )  # fmt: skip
    counted = {
        row["offered"]: Side(row["left_many"], row["many"])
        for row in rows.annotate(left=Exists(left))
        .order_by()
        .values("offered")
        .annotate(many=Count("pk"), left_many=Count("pk", filter=Q(left=True)))
    }
    return _effect(counted.get(True, Side(0, 0)), counted.get(False, Side(0, 0)))


def _effect(chosen: Side, drawn: Side) -> Effect:
    if min(chosen.many, drawn.many) < LEAST:
        return Effect(chosen, drawn, None)
    one, other = wilson(chosen.came, chosen.many), wilson(drawn.came, drawn.many)
    assert one is not None
    assert other is not None
    between = apart(chosen.came / chosen.many, one, drawn.came / drawn.many, other)
    return Effect(chosen, drawn, between)
