"""Bring a data folder to the state the code expects: tables, demo data on the first run, static files."""

import fcntl
import hashlib
import os
from importlib import import_module
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from kebu.base.jobs.upkeep import refresh_figures
from kebu.office.backups.refusals import BackupFailed
from kebu.office.backups.swap import finish
from kebu.office.backups.upgrading import back_up_before_upgrade
from kebu.project import env, secrets
from kebu.project.loading import loading


def prepare(*, demo: bool = False, static: bool = False) -> None:
    """Migrate, and on request fill an empty installation with demo data and collect the static files.

    A lock in the data folder lets several commands start at the same time.
    """
    folder = env.data_folder()
    with (folder / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        setup_django()
        finish(folder)  # a restore that a power cut stopped half-way
        migrate()
        if demo:
            fill_with_demo_data(folder)
        if static:
            collect_static(folder)


def setup_django() -> None:
    """Load the settings and the rooms."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kebu.project.settings")
    with loading():
        django.setup()


def migrate() -> None:
    """Apply the migrations that are missing; quick when there are none. What is there is backed up first."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    try:
        archive = back_up_before_upgrade()
    except BackupFailed as failed:
        raise env.SettingError(f"没有升级，数据没有动：升级前的备份没有做成。{failed}") from failed
    try:
        call_command("migrate", interactive=False, verbosity=0)
        if archive is not None:
            rooms = import_module("kebu.office.custom_fields.indexes")  # readable once Django is set up
            rooms.tend_own_indexes()  # a table made anew has none of them
            refresh_figures()  # nor figures, and lists would be slow until the night
    except Exception as error:
        if archive is None:
            raise
        raise env.SettingError(
            f"升级数据库时出错了：{error}\n"
            f"升级前的数据完整保存在 {archive}。"
            f"要回到升级前：装回原来的版本，再运行 kebu restore {archive} --replace"
        ) from error


def fill_with_demo_data(folder: Path) -> None:
    """Make the demo team when nobody has an account yet."""
    if get_user_model().objects.exists():
        return
    print("首次启动：正在生成演示数据…", flush=True)
    settings.KEBU_DEMO_PASSWORD = secrets.make_demo_password(folder)
    with transaction.atomic():  # stopped half-way, the next start begins anew
        call_command("demo", verbosity=0)


def collect_static(folder: Path) -> None:
    """Hash and compress the static files when any of them changed since the last time."""
    stamp = folder / "static.stamp"
    current = static_fingerprint()
    if stamp.exists() and stamp.read_text() == current:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(current)


def static_fingerprint() -> str:
    """Digest of name, size and time of every static file."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
