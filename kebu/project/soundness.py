"""What `kebu check` looks at beyond the database and the files: things of several rooms that must agree."""

from django.utils.translation import gettext as _

from kebu.base.journal.chain import seal_waiting
from kebu.base.journal.verifying import verify
from kebu.base.search.models import CustomerEntry
from kebu.crm.customers.models import Customer
from kebu.office.backups.soundness import Finding


def search_finding() -> Finding:
    """Every customer can be found, and nothing is found that is no customer."""
    count = Customer.objects.count()
    lost = Customer.objects.exclude(pk__in=CustomerEntry.objects.values("pk")).count()
    stray = CustomerEntry.objects.exclude(pk__in=Customer.objects.values("pk")).count()
    faults = [_("%(count)d个客户搜不到") % {"count": lost}] if lost else []
    faults += [_("检索里有%(count)d个没有的客户") % {"count": stray}] if stray else []
    return Finding(_("检索：%(count)d个客户都在") % {"count": count}, faults)


def journal_finding() -> Finding:
    """Read the whole journal and compare it with its seals."""
    seal_waiting()
    report = verify()
    what = _("操作日志的封印：%(count)d条") % {"count": report.checked}
    return Finding(what, [finding.text for finding in report.findings])
