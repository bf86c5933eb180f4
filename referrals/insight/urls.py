"""Figures. A period and codes are in the address, never a name of a child."""

from django.urls import path

from . import views

app_name = "insight"

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("contacts/", views.contacts, name="contacts"),
]
