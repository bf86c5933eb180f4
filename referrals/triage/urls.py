"""Where the hub works until a contact is decided. A reference is in the address, never a name."""

from django.urls import path

from . import assessing, views, working

app_name = "triage"

urlpatterns = [
    path("queue/", views.queue, name="queue"),
    path("queue/changes", views.queue_changes, name="queue_changes"),
    path("routed/", views.routed, name="routed"),
    path("contacts/<reference:reference>/", views.contact, name="contact"),
    path("contacts/<reference:reference>/referral/", views.marf, name="marf"),
    path("contacts/<reference:reference>/assessment/", assessing.assess, name="assess"),
    path("contacts/<reference:reference>/claim/", working.claim, name="claim"),
    path("contacts/<reference:reference>/release/", working.release, name="release"),
    path("contacts/<reference:reference>/assign/", working.assign, name="assign"),
    path("contacts/<reference:reference>/priority/", working.rate, name="rate"),
]
