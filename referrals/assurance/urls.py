"""Quality. Numbers of rows and codes are in the address, never a name."""

from django.urls import path

from . import audits, events, figures, samples, views

app_name = "assurance"

urlpatterns = [
    path("", views.quality, name="quality"),
    path("events/", events.every, name="events"),
    path("events/record/", events.record, name="record_event"),
    path("events/<int:event>/", events.one, name="event"),
    path("events/<int:event>/change/", events.change, name="change_event"),
    path("events/<int:event>/follow-up/", events.follow_up, name="follow_up"),
    path("samples/", samples.every, name="samples"),
    path("samples/draw/", samples.draw, name="draw"),
    path("samples/<int:sample>/", samples.one, name="sample"),
    path("cases/", audits.to_audit, name="to_audit"),
    path("cases/<int:case>/", audits.case, name="case"),
    path("cases/<int:case>/audit/", audits.audit, name="audit"),
    path("cases/<int:case>/auditors/", samples.give, name="give"),
    path("audits/<int:audit>/tell/", audits.tell, name="tell"),
    path("audits/<int:audit>/action/", audits.add_action, name="add_action"),
    path("actions/", audits.actions, name="actions"),
    path("actions/<int:action>/done/", audits.finish, name="done"),
    path("findings/", views.findings, name="findings"),
    path("ours/", views.ours, name="ours"),
    path("look-back/", figures.look_back, name="look_back"),
    path("look-back/children/", figures.look_back_list, name="look_back_list"),
    path("report/", figures.report, name="report"),
]
