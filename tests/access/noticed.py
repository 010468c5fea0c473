"""noticed.txt, doubled.txt, unheld.txt: which test misses each check of a right; none can; none does yet."""

from pathlib import Path

HERE = Path(__file__).parent


def told(name: str) -> dict[str, str]:
    """Such a file: a check, and indented below it who notices it, or the reason."""
    found, last = dict[str, str](), ""
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            assert line not in found, f"{name}: twice {line}"
            last, found[line] = line, ""
        else:
            found[last] = f"{found[last]} {line.strip()}".strip()
    return found


NOTICED, DOUBLED, UNHELD = told("noticed.txt"), told("doubled.txt"), told("unheld.txt")


def main() -> None:
    """The files in which the tests stand."""
    print(*sorted({by.partition("::")[0] for by in NOTICED.values() if "::" in by}))


if __name__ == "__main__":
    main()
