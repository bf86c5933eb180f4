"""Screening of low-level domestic abuse notifications."""

from django.urls import path

from . import views

app_name = "screening"

urlpatterns = [
    path("screening/", views.to_screen, name="to_screen"),
    path("screening/sign-off/", views.to_sign_off, name="to_sign_off"),
    path("screening/screened-out/", views.out, name="out"),
    path("contacts/<reference:reference>/screening/", views.screen, name="screen"),
]
