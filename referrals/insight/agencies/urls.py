"""What agencies send and are told. Days and codes are in the address, never a name."""

from django.urls import path

from . import views

app_name = "agencies"

urlpatterns = [
    path("", views.everybody, name="list"),
    path("ours/", views.ours, name="ours"),
    path("<int:agency>/", views.agency, name="agency"),
    path("<int:agency>/paper/", views.paper_of, name="paper"),
]
