from django.urls import path

from . import views

app_name = "strategy"

CASE = "contacts/<reference:reference>/strategy/"
INVITED = "strategy-discussions/"

urlpatterns = [
    path(CASE, views.discussions, name="discussions"),
    path(f"{CASE}call/", views.call, name="call"),
    path(f"{CASE}arrange/", views.arrange, name="arrange"),
    path(f"{CASE}record/", views.record, name="record"),
    path(f"{CASE}call-off/", views.call_off, name="call_off"),
    path(INVITED, views.invitations, name="invitations"),
    path(f"{INVITED}<reference:reference>/", views.invitation, name="invitation"),
]
