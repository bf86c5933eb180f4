"""The duty day. A reference is in the address, never a name."""

from django.urls import path

from . import views

app_name = "shift"

urlpatterns = [
    path("workers/", views.workers, name="workers"),
    path("workers/me/supervision/", views.my_supervision, name="my_supervision"),
    path("workers/<int:worker>/supervision/", views.supervise, name="supervision"),
    path("workers/absence/", views.note_absence, name="note_absence"),
    path("workers/absence/<int:absence>/end/", views.end_absence, name="end_absence"),
    path("queue/notes/", views.notes, name="notes"),
    path("queue/notes/write/", views.write_note, name="write_note"),
    path("queue/notes/<int:note>/take/", views.take_over, name="take_over"),
    path("queue/out-of-hours/", views.night, name="night"),
    path("queue/on-paper/", views.on_paper, name="on_paper"),
    path("contacts/<reference:reference>/discussion/", views.discuss, name="discuss"),
]
