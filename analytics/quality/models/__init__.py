from analytics.quality.models.card import CardQuestion, CardSection, CardVersion, ScoreCard
from analytics.quality.models.review import (
    Appeal,
    Example,
    Limit,
    QualityProgress,
    Reliability,
    ReviewTask,
)
from analytics.quality.models.score import Answer, Correction, Look, Score, Scoring

__all__ = [
    "Answer",
    "Appeal",
    "CardQuestion",
    "CardSection",
    "CardVersion",
    "Correction",
    "Example",
    "Limit",
    "Look",
    "QualityProgress",
    "Reliability",
    "ReviewTask",
    "Score",
    "ScoreCard",
    "Scoring",
]
