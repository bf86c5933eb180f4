"""Where the hub works until a contact is decided. A reference is in the address, never a name."""

from django.urls import path

from . import assessing, looking, sharing_views, views, working

app_name = "triage"

urlpatterns = [
    path("queue/", views.queue, name="queue"),
    path("queue/changes", views.queue_changes, name="queue_changes"),
    path("queue/share-out/", sharing_views.share_out, name="share_out"),
    path("queue/views/keep/", sharing_views.keep_view, name="keep_view"),
    path("queue/views/<int:view>/forget/", sharing_views.forget_view, name="forget_view"),
    path("contacts/<reference:reference>/", views.contact, name="contact"),
    path("contacts/<reference:reference>/referral/", views.marf, name="marf"),
    path("contacts/<reference:reference>/first-look/", looking.first_look, name="first_look"),
    path("contacts/<reference:reference>/chronology/", views.chronology, name="chronology"),
    path("indicators/", assessing.find_indicators, name="find_indicators"),
    path("contacts/<reference:reference>/assessment/", assessing.assess, name="assess"),
    path("contacts/<reference:reference>/claim/", working.claim, name="claim"),
    path("contacts/<reference:reference>/release/", working.release, name="release"),
    path("contacts/<reference:reference>/assign/", working.assign, name="assign"),
    path("contacts/<reference:reference>/priority/", working.rate, name="rate"),
]
