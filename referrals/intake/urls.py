from django.urls import path

from .views import autosave, drafting, following, joining, keeping, people, sending

app_name = "intake"

DRAFT = "drafts/<uuid:key>/"

urlpatterns = [
    path("", following.our_referrals, name="list"),
    path("start/", drafting.start, name="start"),
    path(DRAFT, drafting.tasks, name="tasks"),
    path(f"{DRAFT}check/", sending.check, name="check"),
    path(f"{DRAFT}delete/", keeping.delete, name="delete"),
    path(f"{DRAFT}take-over/", keeping.take_over, name="take-over"),
    path(f"{DRAFT}choose/", keeping.choose, name="choose"),
    path(f"{DRAFT}autosave/", autosave.autosave, name="autosave"),
    path(f"{DRAFT}<slug:section>/", drafting.section, name="section"),
    path(f"{DRAFT}<slug:section>/add/", people.person, name="person-add"),
    path(f"{DRAFT}<slug:section>/entry/<slug:person>/", people.person, name="person"),
    path(f"{DRAFT}<slug:section>/entry/<slug:person>/remove/", people.remove, name="person-remove"),
    path(f"{DRAFT}<slug:section>/<slug:page>/", drafting.section, name="page"),
    path("<reference:reference>/", following.referral, name="referral"),
    path("<reference:reference>/is-the-form-of/<reference:call>/", joining.join, name="join"),
    path("<reference:reference>/sent/", following.sent, name="sent"),
]
