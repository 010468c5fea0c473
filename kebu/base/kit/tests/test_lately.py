"""What was found lately is known until it is forgotten, outdated or there is no room."""

from kebu.base.kit.lately import Lately


def test_known_until_forgotten_or_outdated() -> None:
    known, outdated = Lately[int](), Lately[int](seconds=0)
    assert known.get(("a", 1)) is None
    for one in (known, outdated):
        one.put(("a", 1), 7)
    assert (known.get(("a", 1)), outdated.get(("a", 1))) == (7, None)
    known.put(("a", 1), 8)
    assert known.get(("a", 1)) == 8
    known.forget(("a", 1))
    known.forget("never known")
    assert known.get(("a", 1)) is None


def test_takes_no_more_than_so_many() -> None:
    known = Lately[int](most=3)
    for number in range(10):
        known.put(number, number)
    assert sum(known.get(number) is not None for number in range(10)) <= 3
    assert known.get(9) == 9
