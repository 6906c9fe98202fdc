"""Routes of the staff site, under /desk/."""

from django.urls import path

from mingtang.desk.views import editor, info, session, todo

urlpatterns = [
    path("", todo.home, name="desk"),
    path("login", session.log_in, name="desk-login"),
    path("logout", session.log_out, name="desk-logout"),
    path("info/", info.index, name="desk-info"),
    path("info/new", editor.new, name="desk-info-new"),
    path("info/<int:pk>", info.show, name="desk-info-show"),
    path("info/<int:pk>/edit", editor.edit, name="desk-info-edit"),
    path("info/<int:pk>/preview", info.preview, name="desk-info-preview"),
    path("info/<int:pk>/files/<int:file>", info.attachment, name="desk-info-file"),
    path("info/<int:pk>/submit", info.submit, name="desk-info-submit"),
    path("info/<int:pk>/review", info.review, name="desk-info-review"),
    path("info/<int:pk>/sign", info.sign, name="desk-info-sign"),
    path("info/<int:pk>/publish", info.publish, name="desk-info-publish"),
    path("info/<int:pk>/return", info.send_back, name="desk-info-return"),
    path("info/<int:pk>/withdraw", info.withdraw, name="desk-info-withdraw"),
    path("info/<int:pk>/renew", editor.renew, name="desk-info-renew"),
]
