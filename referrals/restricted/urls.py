"""Restricted records and broken glass. A reference is in the address of a case, never a name."""

from django.urls import path

from . import glass, views

app_name = "restricted"

urlpatterns = [
    path("restricted/", views.records, name="records"),
    path("restricted/open/", glass.break_glass, name="open"),
    path("broken-glass/", glass.broken, name="broken"),
    path("broken-glass/<int:glass>/", glass.review, name="review"),
    path("contacts/<reference:reference>/restriction/", views.restriction, name="restriction"),
    path("contacts/<reference:reference>/restriction/lift/", views.lift, name="lift"),
    path("contacts/<reference:reference>/give-back/", glass.give_back, name="give_back"),
]
