"""The reports' addresses under /api/v1/."""

from django.urls import path

from analytics import api
from analytics.satisfaction.api import ConversationForecastApi

urlpatterns = [
    path("conversations/<uuid:key>/expected-satisfaction/", ConversationForecastApi.as_view()),
    path("reports/volume/", api.VolumeApi.as_view(), name="report-volume"),
    path("reports/bot/", api.BotApi.as_view(), name="report-bot"),
    path("reports/usage/", api.UsageApi.as_view(), name="report-usage"),
    path("reports/responses/", api.ResponsesApi.as_view(), name="report-responses"),
    path("reports/waiting/", api.WaitingApi.as_view(), name="report-waiting"),
    path("reports/readers/", api.ReadersApi.as_view(), name="report-readers"),
    path("reports/suggestions/", api.SuggestionsApi.as_view(), name="report-suggestions"),
    path("reports/satisfaction/", api.SatisfactionApi.as_view(), name="report-satisfaction"),
    path("reports/expected-satisfaction/", api.ExpectedApi.as_view(), name="report-expected"),
    path("reports/surveys/", api.SurveysApi.as_view(), name="report-surveys"),
    path("reports/quality/", api.QualityApi.as_view(), name="report-quality"),
    path("reports/topics/", api.TopicsApi.as_view(), name="report-topics"),
]
