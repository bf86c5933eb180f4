from django.urls import path

from . import views

app_name = "attachments"

DRAFT = "referrals/drafts/<uuid:key>/attachments/"

urlpatterns = [
    path(DRAFT, views.files, name="files"),
    path(f"{DRAFT}<uuid:attachment>/", views.of_draft, name="of-draft"),
    path(f"{DRAFT}<uuid:attachment>/remove/", views.remove, name="remove"),
    path("referrals/<reference:reference>/attachments/<uuid:file>/", views.of_referral, name="of-referral"),
    path("contacts/<reference:reference>/attachments/<uuid:file>/", views.of_contact, name="of-contact"),
]
