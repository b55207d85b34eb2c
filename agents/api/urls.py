"""The agents' part of /api/v1/."""

from django.urls import path

from agents.api import conversations as conversations_api
from agents.api import feelings as feelings_api
from agents.api import moves as moves_api
from agents.api import people as api
from agents.api import routing as routing_api
from agents.api import supervise as supervise_api
from agents.api import tools_urls
from agents.api import wall as wall_api

urlpatterns = [
    *tools_urls.urlpatterns,
    path("auth/token", api.TokenApi.as_view()),
    path("me/", api.MeApi.as_view()),
    path("me/presence/", api.PresenceApi.as_view()),
    path("agents/", api.People.as_view()),
    path("queues/", api.QueuesApi.as_view()),
    path("teams/", api.TeamsApi.as_view()),
    path("conversations/", conversations_api.ConversationsApi.as_view()),
    path("conversations/<uuid:key>/", conversations_api.ConversationApi.as_view()),
    path("conversations/<uuid:key>/log/", conversations_api.LogApi.as_view()),
    path("conversations/<uuid:key>/messages/", moves_api.MessagesApi.as_view()),
    path("conversations/<uuid:key>/uploads/", moves_api.AgentUploadApi.as_view()),
    path("conversations/<uuid:key>/claim/", moves_api.ClaimApi.as_view()),
    path("conversations/<uuid:key>/accept/", moves_api.AcceptApi.as_view()),
    path("conversations/<uuid:key>/decline/", moves_api.DeclineApi.as_view()),
    path("conversations/<uuid:key>/transfer/", moves_api.TransferApi.as_view()),
    path("conversations/<uuid:key>/resolve/", moves_api.ResolveApi.as_view()),
    path("conversations/<uuid:key>/reopen/", moves_api.ReopenApi.as_view()),
    path("conversations/<uuid:key>/snooze/", moves_api.SnoozeApi.as_view()),
    path("conversations/<uuid:key>/hold/", routing_api.HoldApi.as_view()),
    path("conversations/<uuid:key>/wrap-up/", routing_api.WrapUpApi.as_view()),
    path("conversations/<uuid:key>/routing/", routing_api.RoutingApi.as_view()),
    path("conversations/<uuid:key>/supervise/", supervise_api.SupervisionApi.as_view()),
    path("conversations/<uuid:key>/supervise/watch/", supervise_api.WatchApi.as_view()),
    path("conversations/<uuid:key>/supervise/stop/", supervise_api.StopApi.as_view()),
    path("conversations/<uuid:key>/supervise/whisper/", supervise_api.WhisperApi.as_view()),
    path("conversations/<uuid:key>/supervise/barge/", supervise_api.BargeApi.as_view()),
    path("conversations/<uuid:key>/supervise/take-over/", supervise_api.TakeOverApi.as_view()),
    path("conversations/<uuid:key>/feelings/", feelings_api.FeelingsApi.as_view()),
    path("conversations/<uuid:key>/feelings/appeal/", feelings_api.FeelingAppealApi.as_view()),
    path("wall/", wall_api.WallApi.as_view()),
    path("agents/<uuid:key>/presence/", routing_api.AgentPresenceApi.as_view()),
    path("choices/", routing_api.ChoicesApi.as_view()),
    path("conversations/<uuid:key>/read/", moves_api.ReadApi.as_view()),
]
