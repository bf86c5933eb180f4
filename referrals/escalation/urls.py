"""What has been escalated, and who has taken note. A reference is in the address, never a name."""

from django.urls import path

from . import views

app_name = "escalation"

urlpatterns = [
    path("late/", views.late_now, name="late"),
    path("escalations/", views.board, name="board"),
    path("escalations/untold/", views.not_told, name="untold"),
    path("escalations/untold/<int:notice>/told/", views.told, name="told"),
    path("escalations/<reference:reference>/<int:step>/acknowledge/", views.acknowledge, name="acknowledge"),
]
