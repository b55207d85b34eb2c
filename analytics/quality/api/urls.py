"""Scores: their part of /api/v1/."""

from django.urls import path

from analytics.quality.api import of_conversation, scores

urlpatterns = [
    path("conversations/<uuid:key>/scores/", of_conversation.ConversationScoresApi.as_view()),
    path("scores/", scores.ScoresApi.as_view()),
    path("scores/to-score/", scores.ToScoreApi.as_view()),
    path("scores/<uuid:key>/", scores.ScoreApi.as_view()),
    path("scores/<uuid:key>/reviews/", scores.ReviewsApi.as_view()),
    path("scores/<uuid:key>/appeals/", scores.AppealsApi.as_view()),
    path("score-appeals/", scores.OpenAppealsApi.as_view()),
    path("score-appeals/<uuid:key>/", scores.AppealApi.as_view()),
]
