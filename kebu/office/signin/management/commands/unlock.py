"""``kebu unlock USER``: the way back in for an administrator who has lost his phone."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.office.signin.actions import reset_two_factor
from kebu.office.staff.models import User


class Command(BaseCommand):
    """Take the second factor off, end the sessions, forget the failures; the journal has it."""

    help = _("重置一个员工的两步验证和登录锁定，他的登录全部退出：kebu unlock 账号")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", help=_("账号"))

    def handle(self, *args: Any, account: str, **options: Any) -> None:
        user = User.objects.filter(username__iexact=account).first()
        if user is None:
            raise CommandError(_("没有账号叫“%(account)s”") % {"account": account})
        reset_two_factor(user, by=Author(None, str(_("命令行")), Door.COMMAND), at=timezone.now())
        self.stdout.write(_("%(name)s现在可以只用密码登录") % {"name": user.name})
