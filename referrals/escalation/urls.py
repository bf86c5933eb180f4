"""What has been escalated, and who has taken note. A reference is in the address, never a name."""

from django.urls import path

from . import views

app_name = "escalation"

urlpatterns = [
    path("", views.board, name="board"),
    path("untold/", views.not_told, name="untold"),
    path("untold/<int:notice>/told/", views.told, name="told"),
    path("<reference:reference>/<int:step>/acknowledge/", views.acknowledge, name="acknowledge"),
]
