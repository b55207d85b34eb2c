"""Help for agents: its part of /api/v1/."""

from django.urls import path

from agents.assist.api import (
    copilot,
    files,
    guides,
    hints,
    outgoing,
    rewriting,
    suggestions,
    summaries,
)

urlpatterns = [
    path("conversations/<uuid:key>/suggestions/", suggestions.SuggestionsApi.as_view()),
    path(
        "conversations/<uuid:key>/suggestions/<uuid:suggestion>/",
        suggestions.SuggestionApi.as_view(),
    ),
    path("conversations/<uuid:key>/outgoing-check/", outgoing.OutgoingCheckApi.as_view()),
    path("conversations/<uuid:key>/summary/", summaries.SummaryApi.as_view()),
    path("conversations/<uuid:key>/helpful/", copilot.HelpfulApi.as_view()),
    path("conversations/<uuid:key>/hints/", hints.HintsApi.as_view()),
    path("conversations/<uuid:key>/hints/<uuid:hint>/", hints.HintApi.as_view()),
    path("conversations/<uuid:key>/read-files/", files.ReadFilesApi.as_view()),
    path("conversations/<uuid:key>/guide/", guides.GuideApi.as_view()),
    path("conversations/<uuid:key>/copilot/", copilot.CopilotApi.as_view()),
    path("conversations/<uuid:key>/rewrite/", rewriting.RewriteApi.as_view()),
    path("outgoing-rules/", outgoing.OutgoingRulesApi.as_view()),
    path("outgoing-rules/<uuid:key>/", outgoing.OutgoingRuleApi.as_view()),
    path("sent-anyway/", outgoing.SentAnywayApi.as_view()),
    path("suggestions/", suggestions.SuggestionLogApi.as_view()),
]
