"""Keys of agencies' systems."""

from django.urls import path

from . import views

app_name = "tokens"

urlpatterns = [
    path("", views.tokens, name="tokens"),
    path("add/", views.add, name="add"),
    path("<int:api_key>/", views.token, name="token"),
    path("<int:api_key>/replace/", views.rotate, name="rotate"),
    path("<int:api_key>/revoke/", views.revoke, name="revoke"),
]
