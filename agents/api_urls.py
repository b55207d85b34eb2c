"""The agents' part of /api/v1/."""

from django.urls import path

from agents import api

urlpatterns = [
    path("auth/token", api.TokenApi.as_view()),
    path("me/", api.MeApi.as_view()),
    path("me/presence/", api.PresenceApi.as_view()),
    path("agents/", api.People.as_view()),
    path("queues/", api.QueuesApi.as_view()),
    path("teams/", api.TeamsApi.as_view()),
    path("conversations/", api.ConversationsApi.as_view()),
    path("conversations/<uuid:key>/", api.ConversationApi.as_view()),
    path("conversations/<uuid:key>/log/", api.LogApi.as_view()),
    path("conversations/<uuid:key>/messages/", api.MessagesApi.as_view()),
    path("conversations/<uuid:key>/uploads/", api.AgentUploadApi.as_view()),
    path("conversations/<uuid:key>/claim/", api.ClaimApi.as_view()),
    path("conversations/<uuid:key>/accept/", api.AcceptApi.as_view()),
    path("conversations/<uuid:key>/decline/", api.DeclineApi.as_view()),
    path("conversations/<uuid:key>/transfer/", api.TransferApi.as_view()),
    path("conversations/<uuid:key>/resolve/", api.ResolveApi.as_view()),
    path("conversations/<uuid:key>/reopen/", api.ReopenApi.as_view()),
    path("conversations/<uuid:key>/snooze/", api.SnoozeApi.as_view()),
    path("conversations/<uuid:key>/read/", api.ReadApi.as_view()),
]
