"""The customers' part of /api/v1/."""

from django.urls import path

from conversations import api

urlpatterns = [
    path("sessions", api.SessionApi.as_view()),
    path("uploads", api.UploadApi.as_view()),
]
