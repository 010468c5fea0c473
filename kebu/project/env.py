"""Settings from the environment: one table of names, safe defaults and help, as in deploy.md."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: its name, default and what it does."""

    name: str
    default: str
    help: str


VARIABLES: dict[str, Variable] = {
    v.name: v
    for v in (
        Variable("KEBU_DATA", "data", "data folder: database, files, secret key"),
        Variable("KEBU_PORT", "8000", "port on 127.0.0.1"),
        Variable("DATABASE_URL", "", "database address; empty = SQLite inside the data folder"),
        Variable("KEBU_HOSTS", "127.0.0.1,localhost,[::1]", "host names the server answers to"),
        Variable(
            "KEBU_HTTPS",
            "",
            "1 or 0: people come by https or not; empty = yes if KEBU_HOSTS names other hosts",
        ),
        Variable("KEBU_THREADS", "4", "pages answered at the same time by the web process"),
        Variable("KEBU_WORKER_THREADS", "2", "background jobs done at the same time by the worker"),
        Variable("KEBU_UPLOAD_MB", "50", "biggest file that can be imported or attached, in MB"),
        Variable("KEBU_CURRENCY", "元", "what amounts are in, as it stands behind a figure: 元, 港元, 美元"),
        Variable("KEBU_BACKUP_HOUR", "2", "hour of the daily backup, 0 to 23, in Shanghai time"),
        Variable("KEBU_BACKUP_FOLDER", "", "folder of the backups; empty = backups inside the data folder"),
        Variable("KEBU_BACKUP_COPY", "", "second folder, each backup is copied there; empty = none"),
        Variable("KEBU_RECYCLE_DAYS", "30", "days that what was deleted lies in the recycle bin"),
        Variable("KEBU_JOURNAL_DAYS", "1095", "days the journal is kept, at least 180"),
        Variable("KEBU_REVEAL_QUOTA", "50", "masked values one person may look at in a day; 0 = nobody may"),
        Variable("KEBU_MAIL", "", "mail server, smtp+tls://user:secret@host:587; empty = no mail is sent"),
        Variable("KEBU_MAIL_FROM", "kebu@localhost", "sender of mail"),
        Variable(
            "KEBU_ADDRESS", "", "address people open, for links in mail and robots; empty = from KEBU_HOSTS"
        ),
        Variable(
            "KEBU_LAN_HOSTS", "", "hosts of the own network notices may be sent to: bot.lan,10.0.0.5:8080"
        ),
        Variable("KEBU_OIDC", "", "sign-in by OpenID Connect, client:secret; empty = off"),
        Variable("KEBU_OIDC_SERVER", "", "address of the OpenID Connect server"),
        Variable("KEBU_OIDC_NAME", "统一身份认证", "what the sign-in page calls it"),
        Variable(
            "KEBU_OIDC_BY_EMAIL", "", "1 = an address the server has verified opens the account that has it"
        ),
        Variable("KEBU_DINGTALK", "", "sign-in by 钉钉, client:secret; empty = off"),
        Variable("KEBU_FEISHU", "", "sign-in by 飞书, app:secret; empty = off"),
        Variable("KEBU_WEIXIN", "", "sign-in by 微信, app:secret; empty = off"),
        Variable("KEBU_REVEAL_QUOTA", "50", "masked values one person may look at in a day; 0 = nobody may"),
        Variable("KEBU_DEBUG", "", "1 = development mode with error details"),
        Variable("KEBU_LOG_LEVEL", "INFO", "least severe log line: DEBUG, INFO, WARNING or ERROR"),
        Variable("KEBU_DEMO_PASSWORD", "", "password of the demo accounts; empty = random per installation"),
    )
}


class SettingError(Exception):
    """A setting cannot be used; the message says which one and what to write instead."""


def value(name: str) -> str:
    """Return the variable's value, or its documented default."""
    return os.environ.get(name, VARIABLES[name].default)


def number(name: str, low: int, high: int) -> int:
    """Return the variable as a whole number between ``low`` and ``high``."""
    text = value(name)
    if text.isascii() and text.isdecimal() and low <= int(text) <= high:
        return int(text)
    raise SettingError(f"{name}={text} 不能用：请写 {low} 到 {high} 之间的整数。")


def word(name: str, most: int) -> str:
    """Return the variable as one short word of letters."""
    text = value(name).strip()
    if text.isalpha() and len(text) <= most and not set(text) & set("十百千万亿"):
        return text
    raise SettingError(f"{name}={text} 不能用：请写一个词，最多{most}个字，如 元、港元、USD。")


def hosts() -> list[str]:
    """Host names the server answers to."""
    return [host.strip() for host in value("KEBU_HOSTS").split(",") if host.strip()]


def is_loopback_only() -> bool:
    """Say whether only this machine can reach the server: the condition for demo accounts."""
    return set(hosts()) <= LOOPBACK


def is_https() -> bool:
    """Say whether people come by https: then cookies are never sent over anything else."""
    text = value("KEBU_HTTPS")
    if text not in {"", "0", "1"}:
        raise SettingError(f"KEBU_HTTPS={text} 不能用：经 https 访问写 1，不经 https 写 0，或者不设。")
    return text == "1" if text else not is_loopback_only()


def address() -> str:
    """The address under which people open the house, without a slash at its end."""
    if text := value("KEBU_ADDRESS").rstrip("/"):
        if urlsplit(text).scheme in ("http", "https") and urlsplit(text).netloc:
            return text
        raise SettingError(
            f"KEBU_ADDRESS={text} 不能用：请写 https:// 开头的地址，如 https://crm.example.com。"
        )
    outside = [host for host in hosts() if host not in LOOPBACK and not host.startswith((".", "*"))]
    if outside:
        return f"{'https' if is_https() else 'http'}://{outside[0]}"
    return f"http://127.0.0.1:{value('KEBU_PORT')}"


def lan_hosts() -> frozenset[str]:
    """Hosts of the own network, or host:port, that the administrator lets notices be sent to."""
    return frozenset(host.strip().lower() for host in value("KEBU_LAN_HOSTS").split(",") if host.strip())


def is_proxied() -> bool:
    """Say whether a proxy on this machine passes requests on: then it is believed about who asks."""
    return is_https() or not is_loopback_only()


def data_folder() -> Path:
    """Return the data folder, made (for its owner only) when it is missing."""
    folder = Path(value("KEBU_DATA")).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingError(
            f"数据文件夹 {folder} 建不了（{error.strerror}）："
            "请检查磁盘和权限，或用 KEBU_DATA 指定别的文件夹。"
        ) from error
    return folder
