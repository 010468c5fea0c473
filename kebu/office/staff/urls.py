"""Addresses of room staff."""

from django.urls import path

from kebu.office.staff import office, role_pages

app_name = "staff"
urlpatterns = [
    path("settings/", office.first, name="settings"),
    path("settings/users/", office.users, name="users"),
    path("settings/users/new/", office.user, name="user_new"),
    path("settings/users/<int:pk>/", office.user, name="user"),
    path("settings/users/<int:pk>/password-link/", office.password_link, name="password_link"),
    path("settings/departments/", office.departments, name="departments"),
    path("settings/departments/new/", office.department, name="department_new"),
    path("settings/departments/<int:pk>/", office.department, name="department"),
    path("settings/departments/<int:pk>/removal/", office.department_removal, name="department_removal"),
    path("settings/roles/", role_pages.roles, name="roles"),
    path("settings/roles/new/", role_pages.role, name="role_new"),
    path("settings/roles/restoral/", role_pages.roles_restoral, name="roles_restoral"),
    path("settings/roles/<int:pk>/", role_pages.role, name="role"),
    path("settings/roles/<int:pk>/copy/", role_pages.role_copy, name="role_copy"),
    path("settings/roles/<int:pk>/restoral/", role_pages.role_restoral, name="role_restoral"),
    path("settings/roles/<int:pk>/removal/", role_pages.role_removal, name="role_removal"),
    path("settings/roles/<int:pk>/preview/", role_pages.preview, name="preview"),
    path("preview/end/", role_pages.preview_end, name="preview_end"),
]
