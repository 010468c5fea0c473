"""Addresses: one line per room."""

from django.urls import include, path

urlpatterns = [
    path("", include("kebu.front.desk.urls")),
    path("", include("kebu.front.audit.urls")),
    path("", include("kebu.front.reveals.urls")),
    path("", include("kebu.front.privacy.urls")),
    path("", include("kebu.crm.recycling.urls")),
    path("batches/", include("kebu.base.batches.urls")),
    path("", include("kebu.crm.tagging.urls")),
    path("customers/", include("kebu.crm.contacts.enrolment_urls")),
    path("customers/", include("kebu.front.profile.urls")),
    path("", include("kebu.crm.files.urls")),
    path("contacts/", include("kebu.crm.contacts.urls")),
    path("interactions/", include("kebu.crm.interactions.urls")),
    path("", include("kebu.crm.disputes.urls")),
    path("", include("kebu.crm.segments.urls")),
    path("duplicates/", include("kebu.exchange.dedupe.urls")),
    path("imports/", include("kebu.exchange.imports.urls")),
    path("search/", include("kebu.front.palette.urls")),
    path("jobs/", include("kebu.base.jobs.urls")),
    path("ui/", include("kebu.base.ui.urls")),
    path("fields/", include("kebu.base.fields.urls")),
    path("setup/", include("kebu.front.demo.urls")),
    path("", include("kebu.office.staff.urls")),
    path("", include("kebu.office.signin.urls")),
    path("", include("kebu.office.signin.library_urls")),
    path("settings/tags/", include("kebu.office.tags.urls")),
    path("settings/fields/", include("kebu.office.custom_fields.urls")),
    path("settings/backups/", include("kebu.office.backups.urls")),
    path("dictionaries/", include("kebu.office.vocabulary.urls")),
]
