from django.urls import path

from . import answering, views

app_name = "enquiries"

CONTACT = "contacts/<reference:reference>/checks/"

urlpatterns = [
    path("checks/", views.checks, name="list"),
    path("checks/to-answer/", answering.to_answer, name="to_answer"),
    path("checks/to-answer/<int:check>/", answering.answer, name="answer"),
    path(CONTACT, views.contact, name="contact"),
    path(f"{CONTACT}ask/", views.ask, name="ask"),
    path(f"{CONTACT}authorise/", views.authorise, name="authorise"),
    path(f"{CONTACT}close/", views.close, name="close"),
    path(f"{CONTACT}together/", views.synthesise, name="synthesise"),
]
