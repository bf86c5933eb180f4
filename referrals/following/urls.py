from django.urls import path

from . import views

app_name = "following"

SENT = "referrals/<reference:reference>/"
CONTACT = "contacts/<reference:reference>/"

urlpatterns = [
    path(f"{SENT}add/", views.add, name="add"),
    path(f"{SENT}withdraw/", views.withdraw, name="withdraw"),
    path(f"{SENT}answer/", views.answer, name="answer"),
    path(f"{SENT}form.pdf", views.paper, name="paper"),
    path(f"{CONTACT}ask/", views.ask, name="ask"),
    path(f"{CONTACT}carry-on/", views.carry_on, name="carry_on"),
    path(f"{CONTACT}form.pdf", views.paper_for_the_hub, name="paper_for_the_hub"),
]
