"""Addresses of surveys."""

from django.urls import path

from web.surveys import importing, interview, invitations, listing, page, people, responses, writing

urlpatterns = [
    path("", listing.surveys, name="surveys"),
    path("new/", writing.survey_edit, name="survey-add"),
    path("audience/", writing.audience, name="survey-audience"),
    path("responses/", responses.responses, name="survey-responses"),
    path("responses/topic/", responses.responses_topic, name="survey-responses-topic"),
    path("import/", importing.upload, name="survey-import"),
    path("import/jobs/<int:job_id>/", importing.job, name="survey-job"),
    path("import/jobs/<int:job_id>/cancel/", importing.job_cancel, name="survey-job-cancel"),
    path("import/<str:token>/", importing.preview, name="survey-import-preview"),
    path("import/<str:token>/discard/", importing.discard, name="survey-import-discard"),
    path("<int:survey_id>/", page.survey, name="survey"),
    path("<int:survey_id>/edit/", writing.survey_edit, name="survey-edit"),
    path("<int:survey_id>/start/", writing.start, name="survey-start"),
    path("<int:survey_id>/people/", people.people, name="survey-people"),
    path("<int:survey_id>/people/ask/", people.ask_rest, name="survey-ask-rest"),
    path("<int:survey_id>/close/", writing.close, name="survey-close"),
    path("<int:survey_id>/reopen/", writing.reopen, name="survey-reopen"),
    path("<int:survey_id>/mail/", writing.mail, name="survey-mail"),
    path("<int:survey_id>/mail/html/", writing.mail_html, name="survey-mail-html"),
    path("<int:survey_id>/invitations/", invitations.invitations, name="survey-invitations"),
    path("<int:survey_id>/invitations/<int:invitation_id>/resend/", invitations.resend, name="survey-resend"),
    path("<int:survey_id>/interview/", interview.interview, name="survey-interview"),
    path("<int:survey_id>/interview/<int:invitation_id>/", interview.call, name="survey-call"),
    path("<int:survey_id>/interview/<int:invitation_id>/phone/", interview.phone, name="survey-phone"),
]
