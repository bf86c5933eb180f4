from django.urls import path

from . import views

app_name = "calls"

urlpatterns = [
    path("calls/", views.calls, name="list"),
    path("calls/record/", views.record, name="record"),
    path("calls/out-of-hours/", views.out_of_hours, name="out_of_hours"),
    path("calls/<reference:call>/", views.call, name="call"),
    path("calls/<reference:call>/letter/", views.letter, name="letter"),
    path("referrals/calls/", views.our_calls, name="our_list"),
    path("referrals/calls/<reference:call>/", views.our_call, name="ours"),
]
