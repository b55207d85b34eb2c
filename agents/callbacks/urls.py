"""Calls: their part of /api/v1/."""

from django.urls import path

from agents.callbacks.api import calls

urlpatterns = [
    path("calls/", calls.CallsApi.as_view()),
    path("calls/<uuid:key>/", calls.CallApi.as_view()),
]
