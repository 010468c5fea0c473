"""Room reviews."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Room reviews 复盘."""

    name = "kebu.front.reviews"
    label = "reviews"
    verbose_name = "复盘"
