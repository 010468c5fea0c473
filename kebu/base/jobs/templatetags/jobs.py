"""``{{ job|unit }}``: what the progress of a job counts."""

from django import template

from kebu.base.jobs.registry import unit_of

register = template.Library()
register.filter("unit", unit_of)
