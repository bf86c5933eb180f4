from django.urls import path

from . import views

app_name = "meetings"

urlpatterns = [
    path("", views.meetings, name="list"),
    path("open/", views.open_meeting, name="open"),
    path("<int:meeting>/", views.meeting, name="meeting"),
    path("<int:meeting>/attendance/", views.attendance, name="attendance"),
    path("<int:meeting>/add/", views.add, name="add"),
    path("<int:meeting>/children/<int:item>/", views.decide, name="decide"),
    path("<int:meeting>/close/", views.close, name="close"),
]
