"""The duty rota. Numbers in the address, never a name."""

from django.urls import path

from . import views

app_name = "rota"

urlpatterns = [
    path("", views.rota, name="rota"),
    path("add/", views.add, name="add"),
    path("waits/", views.waits, name="waits"),
    path("<int:turn>/", views.turn, name="turn"),
    path("<int:turn>/cancel/", views.cancel, name="cancel"),
]
