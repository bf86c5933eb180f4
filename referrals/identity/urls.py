from django.urls import path

from . import views

app_name = "identity"

urlpatterns = [
    path("contacts/<reference:reference>/known/", views.known, name="known"),
    path("contacts/<reference:reference>/known/<int:child>/apart/", views.apart, name="apart"),
]
