"""The addresses of room customers with 新建客户 among them: a new customer comes with its first
contact, of which the room below knows nothing."""

from django.urls import path

from kebu.crm.contacts import enrolment_views
from kebu.crm.customers import urls

app_name = urls.app_name
urlpatterns = [path("new/", enrolment_views.enrol, name="create"), *urls.urlpatterns]
