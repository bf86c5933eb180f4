"""The partnership's settings, for its administrator."""

from django.urls import include, path

from . import views

app_name = "settings"

urlpatterns = [
    path("", include("referrals.administration.clocks.urls")),
    path("duty/", views.duty, name="duty"),
    path("messages/", views.messages_sent, name="messages"),
    path("messages/retry/", views.retry_all, name="retry_all"),
    path("messages/<int:notice>/retry/", views.retry, name="retry"),
    path("deliveries/", views.delivered, name="deliveries"),
    path("deliveries/retry/", views.retry_deliveries, name="retry_deliveries"),
    path("deliveries/<int:delivery>/retry/", views.retry_delivery, name="retry_delivery"),
    path("agencies/", views.agencies, name="agencies"),
    path("agencies/add/", views.add_agency, name="add_agency"),
    path("agencies/<int:agency>/", views.agency, name="agency"),
    path("agencies/<int:agency>/active/", views.set_agency_active, name="set_agency_active"),
]
