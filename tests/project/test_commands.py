"""What the command line says when it cannot do what was asked."""

import subprocess
import sys
from pathlib import Path

import pytest

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
