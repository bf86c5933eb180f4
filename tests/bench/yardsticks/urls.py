"""Where each yardstick answers, in the bench only."""

from django.urls import path

from . import views

app_name = "yardsticks"

urlpatterns = [
    path("hello", views.hello, name="hello"),
    path("table", views.table, name="table"),
    path("form", views.form, name="form"),
    path("insert", views.insert, name="insert"),
    path("insert-signed-in", views.insert_signed_in, name="insert_signed_in"),
]
