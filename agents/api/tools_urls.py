"""The agents' tools: their part of /api/v1/."""

from django.urls import path

from agents.api import later as later_api
from agents.api import macros as macros_api
from agents.api import replies as replies_api
from agents.api import saved_views as saved_views_api
from agents.api import search as search_api

urlpatterns = [
    path("views/", saved_views_api.ViewsApi.as_view()),
    path("views/fields/", saved_views_api.FieldsApi.as_view()),
    path("views/counts/", saved_views_api.ViewCountsApi.as_view()),
    path("views/<uuid:key>/", saved_views_api.ViewApi.as_view()),
    path("conversations/counts/", saved_views_api.CountsApi.as_view()),
    path("conversations/filter/", saved_views_api.FilterApi.as_view()),
    path("conversations/bulk/", macros_api.BulkApi.as_view()),
    path("conversations/<uuid:key>/scheduled/", later_api.ScheduledOfApi.as_view()),
    path("conversations/<uuid:key>/draft/", later_api.DraftApi.as_view()),
    path("scheduled/", later_api.ScheduledApi.as_view()),
    path("scheduled/<uuid:key>/", later_api.OneScheduledApi.as_view()),
    path("scheduled/<uuid:key>/send/", later_api.SendNowApi.as_view()),
    path("search/", search_api.SearchApi.as_view()),
    path("replies/", replies_api.RepliesApi.as_view()),
    path("replies/placeholders/", replies_api.PlaceholdersApi.as_view()),
    path("replies/preview/", replies_api.PreviewApi.as_view()),
    path("replies/<uuid:key>/", replies_api.ReplyApi.as_view()),
    path("replies/<uuid:key>/render/", replies_api.RenderApi.as_view()),
    path("macros/", macros_api.MacrosApi.as_view()),
    path("macros/<uuid:key>/", macros_api.MacroApi.as_view()),
    path("macros/<uuid:key>/run/", macros_api.RunMacroApi.as_view()),
]
