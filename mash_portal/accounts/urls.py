"""People and their accounts."""

from django.urls import path

from . import views

app_name = "accounts"

urlpatterns = [
    path("", views.people_list, name="people"),
    path("add/", views.add, name="add"),
    path("<int:person>/", views.person, name="person"),
    path("<int:person>/change/", views.change, name="change"),
    path("<int:person>/active/", views.set_active, name="set_active"),
    path("<int:person>/link/", views.password_link, name="password_link"),
    path("<int:person>/clear-password/", views.clear_password, name="clear_password"),
    path("set-password/<str:uidb64>/<str:token>/", views.set_password, name="set_password"),
]
