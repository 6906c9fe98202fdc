"""Who answers where: the public site, the desk, other programs."""

from django.urls import include, path

from mingtang.api.search import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("desk/", include("mingtang.desk.urls")),
    path("", include("mingtang.portal.urls")),
]
