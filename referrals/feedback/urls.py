from django.urls import path

from . import views

app_name = "feedback"

urlpatterns = [
    path("contacts/<reference:reference>/feedback/", views.give, name="give"),
    path("referrals/<reference:reference>/feedback/", views.read, name="read"),
]
