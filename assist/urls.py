"""Help for agents: its part of /api/v1/."""

from django.urls import path

from assist.api import suggestions

urlpatterns = [
    path("conversations/<uuid:key>/suggestions/", suggestions.SuggestionsApi.as_view()),
    path(
        "conversations/<uuid:key>/suggestions/<uuid:suggestion>/",
        suggestions.SuggestionApi.as_view(),
    ),
    path("suggestions/", suggestions.SuggestionLogApi.as_view()),
]
