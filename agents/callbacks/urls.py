"""Calls: their part of /api/v1/."""

from django.urls import path

from agents.callbacks.api import calls, slots

urlpatterns = [
    path("calls/", calls.CallsApi.as_view()),
    path("calls/<uuid:key>/", calls.CallApi.as_view()),
    path("conversations/<uuid:key>/call/", slots.ConversationCallApi.as_view()),
    path("call", slots.OwnCallApi.as_view()),
]
