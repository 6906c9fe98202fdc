"""Routes of the staff site."""

urlpatterns: list = []
