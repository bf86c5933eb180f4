"""Police notifications from a file."""

from django.urls import path

from . import views

app_name = "notifications"

urlpatterns = [
    path("", views.uploads, name="uploads"),
    path("template.csv", views.template, name="template"),
    path("<uuid:upload>/", views.upload, name="upload"),
    path("<uuid:upload>/bring-in/", views.bring_in, name="bring_in"),
    path("<uuid:upload>/left-out.csv", views.left_out, name="left_out"),
    path("<uuid:upload>/delete/", views.delete, name="delete"),
]
