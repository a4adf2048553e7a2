"""Addresses of setting up."""

from django.urls import path

from web.setup import disclosures, imports, jobs, mails, new_words, operations, policy, vocabulary, webhooks, word_uses

urlpatterns = [
    path("disclosures/", disclosures.disclosures, name="disclosures"),
    path("import/", imports.upload, name="import"),
    path("import/<str:token>/", imports.preview, name="import-preview"),
    path("import/<str:token>/discard/", imports.discard, name="import-discard"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:job_id>/", jobs.job, name="job"),
    path("jobs/<int:job_id>/cancel/", jobs.job_cancel, name="job-cancel"),
    path("jobs/<int:job_id>/report/", jobs.job_report, name="job-report"),
    path("mails/", mails.mails, name="mails"),
    path("mails/<str:letter>/", mails.mail, name="mail"),
    path("mails/<str:letter>/html/", mails.mail_html, name="mail-html"),
    path("mails/<str:letter>/trial/", mails.mail_trial, name="mail-trial"),
    path("operations/", operations.operations, name="operations"),
    path("operations/try-again/", operations.try_all_again, name="operations-try-again"),
    path("operations/<int:message_id>/send/", operations.message_send, name="operations-send"),
    path("operations/<int:message_id>/resend/", operations.message_resend, name="operations-resend"),
    path("policy/", policy.policy, name="policy"),
    path("policy/versions/", policy.versions, name="policy-versions"),
    path("policy/versions/<int:version>/", policy.version, name="policy-version"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/add/", webhooks.webhook_add, name="webhook-add"),
    path("webhooks/<uuid:webhook_id>/", webhooks.webhook, name="webhook"),
    path("webhooks/<uuid:webhook_id>/edit/", webhooks.webhook_edit, name="webhook-edit"),
    path("webhooks/<uuid:webhook_id>/delete/", webhooks.webhook_delete, name="webhook-delete"),
    path("webhooks/<uuid:webhook_id>/<int:delivery_id>/replay/", webhooks.webhook_replay, name="webhook-replay"),
    path("vocabulary/", vocabulary.vocabulary, name="vocabulary"),
    path("vocabulary/new/", new_words.new_words, name="new-words"),
    path("vocabulary/new/uses/", word_uses.word_uses, name="word-uses"),
    path("vocabulary/new/plan/", new_words.plan, name="new-words-plan"),
    path("vocabulary/sorting/<int:sorting_id>/", new_words.sorting, name="sorting"),
    path("vocabulary/sorting/<int:sorting_id>/act/", new_words.sorting_act, name="sorting-act"),
    path("vocabulary/proposals/", vocabulary.proposals, name="proposals"),
    path("vocabulary/heard/<int:proposal_id>/", vocabulary.synonym_proposal, name="synonym-proposal"),
    path("vocabulary/<int:tag_id>/", vocabulary.tag, name="tag"),
    path("vocabulary/<int:tag_id>/merge/", vocabulary.tag_merge, name="tag-merge"),
]
