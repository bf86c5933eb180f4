"""Returns. A day and the name of a list are in the address, never anything of a child."""

from django.urls import path

from . import views

app_name = "returns"

urlpatterns = [
    path("", views.lists, name="lists"),
    path("check/", views.check, name="check"),
    path("primary-need/<reference:reference>/", views.needs, name="needs"),
    path("<slug:listed>.<slug:kind>", views.file, name="file"),
]
