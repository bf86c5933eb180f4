from django.urls import path

from . import acting, recommending, views

app_name = "decision"

urlpatterns = [
    path("contacts/<reference:reference>/decision/", views.record, name="record"),
    path("contacts/<reference:reference>/decision/<int:number>/record.pdf", views.paper, name="paper"),
    path("contacts/<reference:reference>/decision/recommend/", recommending.recommend, name="recommend"),
    path("contacts/<reference:reference>/decision/recommend/others/", recommending.others, name="recommend_others"),
    path("contacts/<reference:reference>/decision/recommend/record/", recommending.record, name="recommend_record"),
    path("contacts/<reference:reference>/decision/sign-off/", views.sign_off, name="sign_off"),
    path("contacts/<reference:reference>/decision/send-back/", views.send_back, name="send_back"),
    path("contacts/<reference:reference>/decision/take-back/", views.take_back, name="take_back"),
    path("contacts/<reference:reference>/decision/reopen/", views.reopen, name="reopen"),
    path("contacts/<reference:reference>/act-now/", acting.act_now, name="act_now"),
    path("contacts/<reference:reference>/act-now/confirm/", acting.confirm, name="confirm_act"),
]
