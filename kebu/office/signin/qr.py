"""The picture an authenticator app reads: drawn here, as one path without any style."""

from allauth.mfa.adapter import get_adapter

from kebu.office.staff.models import User


def totp_url(user: User, secret: str) -> str:
    """What the app is told: whose account it is, and the secret."""
    return str(get_adapter().build_totp_url(user, secret))


def qr_code(text: str) -> tuple[int, str]:
    """Width in modules, border included, and the path of the dark ones."""
    from qrcode.main import QRCode  # noqa: PLC0415  (seldom wanted)

    code = QRCode(border=4)
    code.add_data(text)
    rows = code.get_matrix()
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return len(rows), "".join(dark)


def in_groups(secret: str) -> str:
    """The secret as one reads it off to type it."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
