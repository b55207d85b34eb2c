"""A page for each business, and the interface of each."""

from django.urls import URLPattern, URLResolver, include, path

from contactcenter.demo.packs import views
from contactcenter.demo.packs.pack import HERE, names

app_name = "packs"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.businesses, name="all"),
    path("<slug:name>/", views.business, name="page"),
    *(
        path(f"{name}/api/", include(f"contactcenter.demo.packs.{name}.api"))
        for name in names()
        if (HERE / name / "api.py").is_file()
    ),
]
