"""Links for a new password, by mail."""

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kebu.base.journal.authors import Author
from kebu.base.journal.choices import Door
from kebu.office.signin.actions import note_link_by_mail
from kebu.office.staff.models import User
from kebu.office.staff.password_links import LINK_DAYS, address_of

KIND = "signin.mail"
MOST = 3  # people with the same address


def mail_links(account: str, site: str, address: str) -> None:
    """Send a link to whoever the account or address belongs to and may sign in."""
    meant = Q(username__iexact=account) | Q(email__iexact=account)
    users = User.objects.filter(meant, is_active=True).exclude(email="")
    for user in users.order_by("id")[:MOST]:
        stranger = Author(None, str(_("未登录")), Door.PAGE, address)
        note_link_by_mail(user, by=stranger, at=timezone.now())
        told = {
            "name": user.name,
            "account": user.username,
            "link": site + address_of(user),
            "days": LINK_DAYS,
        }
        send_mail(
            _("客簿：设一个新密码"),
            _(
                "%(name)s：\n\n打开下面的链接，给账号 %(account)s 设一个新密码：\n%(link)s\n\n"
                "链接%(days)d天内有效，只能用一次。不是你要的就不用理，密码不会变。\n"
            )
            % told,
            settings.DEFAULT_FROM_EMAIL,
            [user.email],
        )
