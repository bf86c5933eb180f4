"""Lengths and ladders of clocks, working hours and closures. No page of these knows of a contact."""

from django.urls import path

from . import hours, views

urlpatterns = [
    path("clocks/", views.clocks, name="clocks"),
    path("clocks/<slug:name>/", views.clock, name="clock"),
    path("clocks/<slug:name>/default/", views.reset, name="reset_clock"),
    path("clocks/<slug:name>/steps/add/", views.add_step, name="add_step"),
    path("clocks/<slug:name>/steps/<slug:rung>/", views.step, name="step"),
    path("clocks/<slug:name>/steps/<slug:rung>/remove/", views.remove_step, name="remove_step"),
    path("hours/", hours.hours, name="hours"),
    path("hours/closures/add/", hours.add_closure, name="add_closure"),
    path("hours/closures/remove/", hours.remove_closure, name="remove_closure"),
]
