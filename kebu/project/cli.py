"""The command `kebu`: `run` starts everything, any other word is a command of a room or of Django."""

import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec

from kebu.project import env, occupancy, secrets
from kebu.project.lifeline import end_with_parent

COMMANDS = {
    "run": "启动网页和后台任务（--no-demo：不生成演示数据）",
    "worker": "只启动后台任务进程",
    "demo": "生成演示数据（--remove：删除演示数据）",
    "import": "导入客户表格：kebu import 文件 --as 账号",
    "industries": "换行业表：kebu industries 文件 --edition 版本",
    "journal": "校验操作日志：kebu journal verify（--json）",
    "bench": "测量各页面的速度",
    "drills": "演练断电和并发，核对数据不丢不重",
    "migrate": "更新数据库结构",
    "backup": "备份全部数据：kebu backup [文件或文件夹]，客簿可以照常使用",
    "check": "检查这个安装，或检查备份：kebu check [备份文件]",
    "restore": "恢复备份：kebu restore 备份文件 [--replace]，先停掉客簿",
}
# Commands that work on the database; for them a new data folder is made ready first.
ON_DATABASE = frozenset({"worker", "demo", "import", "industries", "journal", "shell", "changepassword"})

# Commands that weigh and kill processes, with a package that only the developers' environment has.
TRIALS = frozenset({"bench", "drills"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0] in {"help", "-h", "--help"} and len(words) == 1):
        print(
            "用法：kebu 命令 [选项]\n" + "\n".join(f"  {name:<12}{text}" for name, text in COMMANDS.items())
        )
        return 0
    os.umask(0o077)  # what this program writes is its owner's alone
    try:
        return dispatch(words)
    except env.SettingError as error:
        print(error, file=sys.stderr)
        return 2


def dispatch(words: list[str]) -> int:
    """Hand over to the supervisor, the preparation step or Django."""
    name, options = words[0], words[1:]
    if name == "run":
        from kebu.project.serve import run

        return run(options)
    if name in TRIALS and not find_spec("psutil"):
        raise env.SettingError(f"kebu {name} 还缺软件包 psutil：请在源码目录运行 make {name}，会自动装好。")
    from kebu.project.prepare import prepare

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kebu.project.settings")
    if name == "prepare":
        prepare(demo="--demo" in options, static=True)
        return 0
    if name == "worker":
        end_with_parent()
    folder = env.data_folder()
    if name == "restore":
        occupancy.work_alone_on(folder)
    elif name in ON_DATABASE:
        occupancy.work_on(folder)
    if name == "demo" and "--remove" not in options:
        secrets.make_demo_password(folder)
    if name in ON_DATABASE and not {"-h", "--help"} & set(options):
        prepare()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["kebu", *words])
    if name == "demo" and "--remove" in options:
        secrets.forget_demo_password(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
