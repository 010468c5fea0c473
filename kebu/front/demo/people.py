"""The staff of the demo: five accounts to sign in with, and as many colleagues as asked."""

from typing import NamedTuple


class Member(NamedTuple):
    """A member of staff: account, name, role codes, department."""

    username: str
    name: str
    roles: tuple[str, ...]
    department: str


# name → parent
DEPARTMENTS = {
    "客簿演示公司": "",
    "销售中心": "客簿演示公司",
    "销售一部": "销售中心",
    "销售二部": "销售中心",
    "销售三部": "销售中心",
    "客服部": "客簿演示公司",
    "市场部": "客簿演示公司",
}
SELLING = ("销售一部", "销售二部", "销售三部")

ACCOUNTS = (
    Member("admin", "方蔚然", ("admin",), "客簿演示公司"),
    Member("zhuguan", "林知遥", ("manager",), "销售中心"),
    Member("xiaoshou", "周慕白", ("sales",), "销售一部"),
    Member("kefu", "沈以宁", ("service",), "客服部"),
    Member("shichang", "许见山", ("marketing",), "市场部"),
)
