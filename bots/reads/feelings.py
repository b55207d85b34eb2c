"""How a conversation's messages read, and how the reading of all of them goes on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, F
from django.db.models.functions import Greatest, TruncWeek

from bots.models import FeelingAppeal, MessageFeeling
from bots.sentiment.card import read_card
from bots.sentiment.course import Heard, course
from bots.sentiment.tables import LABELS

MOST = 200  # messages of one conversation that are shown
WEEKS = 12
ENOUGH = 200  # messages of a week that say something
WELL_READ = 0.5  # mean recall of three labels, of which chance alone finds a third
SHIFTED = 0.15  # of a share, or of the mean chance, against the weeks before


@dataclass(frozen=True, slots=True)
class Mood:
    """`languages`: those that the card's figures say are read."""

    score: float | None
    trend: float | None
    messages: Sequence[MessageFeeling]
    languages: frozenset[str]


def mood_of(conversation_id: int) -> Mood:
    """Oldest first, with what people say against it."""
    rows = MessageFeeling.objects.filter(conversation=conversation_id)
    newest = list(rows.select_related("message", "appeal").order_by("-message_id")[:MOST])[::-1]
    found = course([heard_of(one) for one in newest]) if newest else None
    return Mood(
        score=round(found.score, 3) if found else None,
        trend=round(found.trend, 3) if found and found.trend is not None else None,
        messages=newest,
        languages=measured_languages(),
    )


def heard_of(one: MessageFeeling) -> Heard:
    """As it counts for the mood: what a person has said of a message stands above the estimate. Wants the
    appeal selected."""
    appeal = one.appeal if hasattr(one, "appeal") else None
    if appeal is not None and appeal.state == FeelingAppeal.State.ACCEPTED:
        return Heard(float(appeal.says == "negative"), float(appeal.says == "positive"))
    return Heard(one.negative, one.positive)


def measured_languages() -> frozenset[str]:
    """Those that by the card of the shipped weights are read well enough to be shown without a word of doubt."""
    sets = read_card().get("kept_back", {})
    return frozenset(
        name.rsplit(" ", 1)[-1] for name, found in sets.items() if found["recall"] >= WELL_READ
    )


@dataclass(frozen=True, slots=True)
class Week:
    """What was read in one week: of each label its share, and the mean chance of what was said.

    `shifted`: which of these are far from the mean of the weeks before.
    """

    begins: datetime
    texts: int
    shares: Mapping[str, float]
    chance: float
    shifted: tuple[str, ...]

    @property
    def percent(self) -> dict[str, int]:
        """For people."""
        return {
            name: round(100 * share)
            for name, share in (*self.shares.items(), ("chance", self.chance))
        }


def drift(*, at: datetime) -> list[Week]:
    """The last weeks, oldest first. The centre's own weeks before are the measure: what public data
    hold is not what customers write here."""
    rows = (
        MessageFeeling.objects.filter(at__gte=at - timedelta(weeks=WEEKS))
        .annotate(week=TruncWeek("message__created_at"))
        .order_by("week", "label")
        .values("week", "label")
        .annotate(texts=Count("pk"), sure=Avg(Greatest(F("negative"), F("neutral"), F("positive"))))
    )
    weeks: dict[datetime, dict[str, tuple[int, float]]] = {}
    for row in rows:
        weeks.setdefault(row["week"], {})[row["label"]] = row["texts"], row["sure"]
    found: list[Week] = []
    for begins, counts in weeks.items():
        texts = sum(count for count, _ in counts.values())
        shares = {label: counts.get(label, (0, 0.0))[0] / texts for label in LABELS}
        chance = sum(count * chance for count, chance in counts.values()) / texts
        shifted = _shifted(shares, chance, found) if texts >= ENOUGH else ()
        found.append(Week(begins, texts, shares, chance, shifted))
    return found


def _shifted(shares: Mapping[str, float], chance: float, before: Sequence[Week]) -> tuple[str, ...]:
    known = [week for week in before if week.texts >= ENOUGH]
    total = sum(week.texts for week in known)
    if not total:
        return ()
    usual = {
        label: sum(week.shares[label] * week.texts for week in known) / total for label in LABELS
    }
    sure = sum(week.chance * week.texts for week in known) / total
    far = [label for label in LABELS if abs(shares[label] - usual[label]) > SHIFTED]
    return (*far, *(["chance"] if abs(chance - sure) > SHIFTED else []))
