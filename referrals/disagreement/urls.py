"""Professional disagreement. A reference is in the address, never a name."""

from django.urls import path

from . import hub, views

app_name = "disagreement"

urlpatterns = [
    path("referrals/<reference:reference>/disagreement/", views.ours, name="ours"),
    path("referrals/<reference:reference>/disagreement/raise/", views.disagree, name="raise"),
    path("referrals/<reference:reference>/disagreement/take-up/", views.take_up, name="take_up"),
    path("referrals/<reference:reference>/disagreement/accept/", views.accept, name="accept"),
    path("disagreements/", hub.every, name="list"),
    path("contacts/<reference:reference>/disagreement/", hub.contact, name="contact"),
    path("contacts/<reference:reference>/disagreement/answer/", hub.answer, name="answer"),
    path("contacts/<reference:reference>/disagreement/settle/", hub.settle, name="settle"),
]
