"""What has been escalated, and who has taken note. A reference is in the address, never a name."""

from django.urls import path

from . import views

app_name = "escalation"

urlpatterns = [
    path("", views.board, name="board"),
    path("<reference:reference>/<int:step>/acknowledge/", views.acknowledge, name="acknowledge"),
]
