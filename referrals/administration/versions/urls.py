"""Versions of the matrix. No page of these knows of a contact."""

from django.urls import path

from . import views

app_name = "versions"

urlpatterns = [
    path("", views.versions, name="versions"),
    path("draft/", views.draft, name="draft"),
    path("<int:version>/", views.version, name="version"),
    path("<int:version>/matrix.<slug:kind>", views.download, name="download"),
    path("<int:version>/publish/", views.publish, name="publish"),
    path("<int:version>/discard/", views.discard, name="discard"),
]
