"""The agents' tools: their part of /api/v1/."""

from django.urls import path

from agents import saved_views_api, search_api

urlpatterns = [
    path("views/", saved_views_api.ViewsApi.as_view()),
    path("views/fields/", saved_views_api.FieldsApi.as_view()),
    path("views/counts/", saved_views_api.ViewCountsApi.as_view()),
    path("views/<uuid:key>/", saved_views_api.ViewApi.as_view()),
    path("conversations/counts/", saved_views_api.CountsApi.as_view()),
    path("conversations/filter/", saved_views_api.FilterApi.as_view()),
    path("search/", search_api.SearchApi.as_view()),
]
