"""Routes of the staff site, under /desk/."""

from django.urls import path

from mingtang.desk.views import case_acts, cases, editor, info, intake, session, todo

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
    path("cases/", cases.index, name="desk-cases"),
    path("cases/new/<str:code>", intake.new, name="desk-case-new"),
    path("cases/<str:number>", cases.show, name="desk-case"),
    path("cases/<str:number>/receipt", intake.receipt, name="desk-case-receipt"),
    path("cases/<str:number>/applicant", cases.applicant, name="desk-case-applicant"),
    path("cases/<str:number>/papers/<int:pk>.pdf", cases.paper, name="desk-case-paper"),
    path("cases/<str:number>/files/<int:pk>", cases.material_file, name="desk-case-file"),
    path("cases/<str:number>/receive", case_acts.receive, name="desk-case-receive"),
    path("cases/<str:number>/notice", case_acts.notice, name="desk-case-notice"),
    path("cases/<str:number>/supply-complete", case_acts.supply_complete, name="desk-case-supply-complete"),
    path("cases/<str:number>/accept", case_acts.accept, name="desk-case-accept"),
    path("cases/<str:number>/steps/<str:step>", case_acts.opinion, name="desk-case-opinion"),
    path("cases/<str:number>/decide", case_acts.decide, name="desk-case-decide"),
    path("cases/<str:number>/redo", case_acts.redo, name="desk-case-redo"),
    path("cases/<str:number>/not-accept", case_acts.not_accept, name="desk-case-not-accept"),
    path("cases/<str:number>/serve", case_acts.serve, name="desk-case-serve"),
    path("cases/<str:number>/withdraw", case_acts.withdraw, name="desk-case-withdraw"),
]
