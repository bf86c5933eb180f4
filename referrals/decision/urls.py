from django.urls import path

from . import views

app_name = "decision"

urlpatterns = [
    path("contacts/<reference:reference>/decision/", views.record, name="record"),
    path("contacts/<reference:reference>/decision/recommend/", views.recommend, name="recommend"),
    path("contacts/<reference:reference>/decision/sign-off/", views.sign_off, name="sign_off"),
    path("contacts/<reference:reference>/decision/send-back/", views.send_back, name="send_back"),
    path("contacts/<reference:reference>/decision/take-back/", views.take_back, name="take_back"),
    path("contacts/<reference:reference>/decision/reopen/", views.reopen, name="reopen"),
]
