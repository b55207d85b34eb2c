"""The map of the site."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from bots.help_centre import views as help_views
from contactcenter import health
from contactcenter.demo import views as shop_views
from conversations import api as conversations_api
from conversations import widget_views

api_urls: list[URLPattern | URLResolver] = [
    path("", include("conversations.api_urls")),
    path("", include("agents.api.case_urls")),
    path("", include("agents.api.setup_urls")),
    path("", include("agents.api.urls")),
    path("", include("bots.api.urls")),
    path("", include("agents.assist.urls")),
    path("", include("agents.recommendations.urls")),
    path("", include("agents.callbacks.urls")),
    path("", include("analytics.api_urls")),
    path("", include("analytics.quality.api.urls")),
    path(
        "schema/",
        SpectacularAPIView.as_view(authentication_classes=(), permission_classes=()),
        name="schema",
    ),
    path(
        "docs/",
        # Its script comes by itself: the policy lets no inline one run.
        SpectacularSwaggerSplitView.as_view(
            authentication_classes=(), permission_classes=(), template_name="api/docs.html"
        ),
        name="docs",
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("api/v1/", include(api_urls)),
    path("widget.js", widget_views.script, name="widget-script"),
    path("widget/appearance/", widget_views.appearance, name="widget-appearance"),
    path("widget/", widget_views.frame, name="widget"),
    path("files/<uuid:key>/<str:signature>", conversations_api.serve_file),
    path("", include("conversations.surveys.urls")),
    path("console/scores/", include("analytics.quality.urls")),
    path("console/", include("agents.urls")),
    path("help/", include("bots.urls")),
    path("admin/analytics/", include("analytics.urls")),
    path("admin/", admin.site.urls),
    path("", help_views.front(shop_views.home)),
    path("", include("contactcenter.demo.urls")),
    path("demo/", include("contactcenter.demo.packs.urls")),
]

handler400 = "contactcenter.errors.bad_request"
handler403 = "contactcenter.errors.forbidden"
handler404 = "contactcenter.errors.not_found"
handler500 = "contactcenter.errors.broken"
