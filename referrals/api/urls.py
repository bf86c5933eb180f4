"""Addresses of the API. Every one of them answers in JSON, an unknown one too."""

from django.urls import URLPattern, path

from .service import api
from .views import absent, openapi, round_about

app_name = "api"


def _operations() -> list[URLPattern]:
    found = [entry for entry in api.urls[0] if isinstance(entry, URLPattern) and entry.name != "api-root"]
    return [path(str(entry.pattern), round_about(entry.callback), name=entry.name) for entry in found]


urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    *_operations(),
    path("", absent, {"rest": ""}, name="root"),
    path("<path:rest>", absent, name="absent"),
]
