"""The reports' pages, under /admin/analytics/: before the admin's own addresses."""

from django.contrib import admin
from django.urls import path

from analytics.views import knowledge_page, live_strip, quality_page, reports_page, topics_page

app_name = "analytics"
urlpatterns = [
    path("", admin.site.admin_view(reports_page), name="reports"),
    path("knowledge/", admin.site.admin_view(knowledge_page), name="knowledge"),
    path("quality/", admin.site.admin_view(quality_page), name="quality"),
    path("topics/", admin.site.admin_view(topics_page), name="topics"),
    path("live/", admin.site.admin_view(live_strip), name="live"),
]
