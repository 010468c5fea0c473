"""Room churn."""

from django.apps import AppConfig


class ChurnConfig(AppConfig):
    """Room churn 流失预警."""

    name = "kebu.crm.churn"
    label = "churn"
    verbose_name = "流失预警"

    def ready(self) -> None:
        """Follow what was said with customers, their days and what becomes of them."""
        from kebu.crm.churn import following
        from kebu.crm.churn.facets import churn_facets
        from kebu.crm.customers import facets
        from kebu.crm.customers.followers import follows
        from kebu.crm.interactions.followers import follows as follows_interactions
        from kebu.crm.key_dates.followers import follows as follows_key_dates

        facets.register("churn", churn_facets)
        follows(following.follow)
        follows_interactions(following.follow_interaction)
        follows_key_dates(following.follow_key_date)
