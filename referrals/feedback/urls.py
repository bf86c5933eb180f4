"""Feedback: written in the hub, read in the agency, its board, and the directory of services."""

from django.urls import path

from . import board, directory, views

app_name = "feedback"

urlpatterns = [
    path("contacts/<reference:reference>/feedback/", views.give, name="give"),
    path("contacts/<reference:reference>/feedback/sent/", board.sent, name="sent"),
    path("contacts/<reference:reference>/feedback/phone/", board.phone, name="phone"),
    path("contacts/<reference:reference>/feedback/answer/", board.answer, name="answer"),
    path("referrals/<reference:reference>/feedback/", views.read, name="read"),
    path("referrals/<reference:reference>/feedback/understood/", views.understood, name="understood"),
    path("referrals/<reference:reference>/feedback/ask/", views.ask, name="ask"),
    path("feedback/", board.unread, name="board"),
    path("services/", directory.services, name="services"),
    path("services/add/", directory.add, name="add_service"),
    path("services/<int:service>/", directory.edit, name="service"),
]
