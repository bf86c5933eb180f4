"""The portal's addresses, and the yardsticks' below /yardsticks/."""

from django.urls import include, path

from mash_portal import urls as portal

urlpatterns = [*portal.urlpatterns, path("yardsticks/", include("tests.bench.yardsticks.urls"))]
handler404 = portal.handler404
handler500 = portal.handler500
