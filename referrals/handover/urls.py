"""What is handed over, to us and by us. A reference is in the address, never a name."""

from django.urls import path

from . import views

app_name = "handover"

urlpatterns = [
    path("handed-over/", views.handed_over, name="list"),
    path("contacts/<reference:reference>/export.json", views.export_json, name="export"),
    path("contacts/<reference:reference>/handover/", views.contact, name="contact"),
    path("contacts/<reference:reference>/handover/<int:handover>/accept/", views.accept, name="accept"),
    path("contacts/<reference:reference>/handover/<int:handover>/send-back/", views.decline, name="decline"),
    path("contacts/<reference:reference>/handover/<int:handover>/offer/", views.offer, name="offer"),
]
