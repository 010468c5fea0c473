"""Addresses of the measured server: the product's own and the floors."""

from django.urls import path

from kebu.project.urls import urlpatterns as product
from kebu.trials.bench import floors

urlpatterns = [
    *product,
    path("bench/empty/", floors.empty),
    path("bench/plain/", floors.plain),
    path("bench/page/", floors.page),
    path("bench/write/<str:name>/", floors.write),
]
