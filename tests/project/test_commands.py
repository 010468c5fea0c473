"""What the command line says when it cannot do what was asked."""

import subprocess
import sys
from pathlib import Path

import pytest

from kebu.front.demo import people
from kebu.project import serve

MISSING = "import sys; sys.modules['psutil'] = None\n"
RUN = "from kebu.project.cli import main; sys.exit(main(sys.argv[1:]))"


@pytest.mark.parametrize("name", ["bench", "drills"])
def test_trials_without_their_package_say_how_to_get_it(name: str, tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", MISSING + RUN, name],
        env={"KEBU_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 2
    assert answer.stderr == f"kebu {name} 还缺软件包 psutil：请在源码目录运行 make {name}，会自动装好。\n"


def test_accounts_on_the_screen_are_those_of_the_demo() -> None:
    """The supervisor prints them without loading Django, so it has a list of its own."""
    assert [username for username, _role in serve.ACCOUNTS] == [member.username for member in people.ACCOUNTS]
