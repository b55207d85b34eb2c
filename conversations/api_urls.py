"""The customers' part of /api/v1/."""

from django.urls import path

from conversations import api, memory_api

urlpatterns = [
    path("sessions", api.SessionApi.as_view()),
    path("uploads", api.UploadApi.as_view()),
    path("memory", memory_api.OwnMemoryApi.as_view()),
    path("memory/<uuid:key>", memory_api.OwnFactApi.as_view()),
]
