"""Recommendations: their part of /api/v1/."""

from django.urls import path

from agents.recommendations.api import catalogue, insight, offers, rules

urlpatterns = [
    path("conversations/<uuid:key>/recommendations/", offers.OffersApi.as_view()),
    path("conversations/<uuid:key>/recommendations/<uuid:shown>/", offers.OfferApi.as_view()),
    path("recommendations", offers.OwnOffersApi.as_view()),
    path("recommendations/<uuid:shown>", offers.OwnOfferApi.as_view()),
    path("items/", catalogue.ItemsApi.as_view()),
    path("items/table/", catalogue.TableApi.as_view()),
    path("customer-events/", catalogue.EventsApi.as_view()),
    path("segments/", insight.SegmentsApi.as_view()),
    path("segments/<uuid:key>/", insight.SegmentApi.as_view()),
    path("segments/<uuid:key>/customers/", insight.AudienceApi.as_view()),
    path("customers/<uuid:key>/insight/", insight.InsightApi.as_view()),
    path("recommendations/rules/", rules.OfferRulesApi.as_view()),
    path("recommendations/worth/", insight.WorthApi.as_view()),
]
