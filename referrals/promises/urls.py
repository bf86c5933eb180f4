"""Clocks of a contact, and computing them again under today’s rule. A reference is in the address, never a name."""

from django.urls import path

from . import views

app_name = "promises"

urlpatterns = [
    path("contacts/<reference:reference>/clocks/", views.contact, name="contact"),
    path("contacts/<reference:reference>/clocks/<int:deadline>/again/", views.rebase, name="rebase"),
    path("clocks/", views.running, name="running"),
    path("clocks/<slug:name>/", views.rebase_all, name="rebase_all"),
]
