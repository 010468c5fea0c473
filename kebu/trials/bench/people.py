"""Who is signed in while it is measured."""

from kebu.trials.site.browser import Browser

PASSWORD = "bench-on-loopback-only"  # noqa: S105  of a throw-away installation
EVERYBODYS = "admin"
SUPERVISOR, REP = "zhuguan", "xiaoshou"
RULED = "bench-ruled"  # sees no further than his subtree of departments, and not every field
UNBOUND = "bench-unbound"
RULED_NAME, RULED_PLACE = "测速主管", "销售中心"


def ruled(port: int) -> tuple[Browser, Browser]:
    """Whose every page is narrowed and partly masked, and the same person asked nothing of what he may."""
    browser = Browser.signed_in(port, RULED, PASSWORD)
    unbound = browser.twin()
    unbound.cookies[UNBOUND] = "1"
    return browser, unbound
