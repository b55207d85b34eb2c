"""The reports' pages, under /admin/analytics/: before the admin's own addresses."""

from django.contrib import admin
from django.urls import path

from analytics.views import knowledge_page, live_strip, reports_page

app_name = "analytics"
urlpatterns = [
    path("", admin.site.admin_view(reports_page), name="reports"),
    path("knowledge/", admin.site.admin_view(knowledge_page), name="knowledge"),
    path("live/", admin.site.admin_view(live_strip), name="live"),
]
