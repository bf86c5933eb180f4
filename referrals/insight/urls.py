"""Figures. A period and codes are in the address, never a name of a child."""

from django.urls import path

from . import views
from .equity import views as equity
from .now import views as moment
from .timeliness import views as timeliness

app_name = "insight"

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("contacts/", views.contacts, name="contacts"),
    path("now/", moment.now, name="now"),
    path("now/wall/", moment.wall, name="wall"),
    path("equity/", equity.equity, name="equity"),
    path("timeliness/", timeliness.timeliness, name="timeliness"),
    path("timeliness/work/", timeliness.work, name="timeliness_work"),
    path("timeliness/work/<slug:what>/", timeliness.rows, name="timeliness_list"),
]
