"""Who answers where: the public site, the desk, other programs."""

from django.urls import include, path

from mingtang.api.search import api

handler400 = "mingtang.portal.views.site.bad_request"
urlpatterns = [
    path("api/v1/", api.urls),
    path("desk/", include("mingtang.desk.urls")),
    path("", include("mingtang.portal.urls")),
]
