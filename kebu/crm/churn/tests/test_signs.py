from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kebu.crm.churn.choices import Risk, Sign
from kebu.crm.churn.signs import Facts, Passed, Rules, Signal, kept, read, risk, signals

TODAY = date(2026, 11, 23)
RULES = Rules()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def facts_of(talks: list[int]) -> Facts:
    """Facts of talks so many days ago, counted one by one."""
    days = sorted(ago(days) for days in talks if days < 720)
    recent = sum(days < 90 for days in talks)
    before = sum(90 <= days < 360 for days in talks)
    return Facts(recent, before, len(days), days[0] if days else None, days[-1] if days else None)


@given(st.lists(st.integers(0, 719), max_size=40))
def test_talks_are_those_of_a_reckoning_by_hand(talks: list[int]) -> None:
    found = {one.sign for one in signals(facts_of(talks), RULES, TODAY)}
    usual = sum(90 <= days < 360 for days in talks) / 3
    recent = sum(days < 90 for days in talks)
    assert (Sign.TALKS in found) == (usual >= 3 and recent <= usual / 2)
    gaps = sorted(talks)
    usual_gap = (gaps[-1] - gaps[0]) / (len(gaps) - 1) if len(gaps) > 2 else None
    is_long = usual_gap is not None and gaps[0] > 30 and gaps[0] > 2 * usual_gap + 1e-9
    assert (Sign.PAUSE in found) == is_long


def test_each_signal_tells_its_figures() -> None:
    facts = facts_of([40, *range(95, 275, 10)])
    facts.purchase, facts.contract = Passed(1, "季度耗材", ago(20)), Passed(2, "年度框架", ago(15))
    facts.promise, facts.change = Passed(3, "补发票", ago(15)), Passed(4, "决策人更换", ago(30))
    found = signals(facts, RULES, TODAY)
    assert [one.sentence for one in found] == [
        "合同“年度框架”2026-11-08到期，还没有续",
        "周期采购“季度耗材”2026-11-03该来，没有办",
        "我方承诺“补发票”应在2026-11-08兑现，还没有",
        "平时90天谈6次，最近90天谈1次",
        "平时12天谈一次，2026-10-14以后没有谈过",
        "2026-10-24有决策人更换，之后没有沟通过",
    ]
    assert [read(kept(one)) for one in found] == found
    assert [one.key for one in found][:2] == ["contract:2-2026-11-08", "purchase:1-2026-11-03"]


def test_two_weeks_are_waited_for() -> None:
    for days, many in ((14, 0), (15, 3)):
        passed = Passed(1, "一件事", ago(days))
        facts = Facts(purchase=passed, contract=passed, promise=passed)
        assert len(signals(facts, RULES, TODAY)) == many


def test_a_change_is_quiet_once_somebody_has_spoken_to_them() -> None:
    changed = Passed(1, "决策人更换", ago(30))
    assert signals(Facts(change=changed, last_on=ago(31), talks=1), RULES, TODAY)
    assert not signals(Facts(change=changed, last_on=ago(30), talks=1), RULES, TODAY)
    assert not signals(Facts(change=Passed(1, "决策人更换", ago(91))), RULES, TODAY)


def test_the_sum_gives_the_level() -> None:
    def of(*signs: Sign) -> Risk:
        return risk([Signal(sign) for sign in signs], RULES)

    assert of(Sign.PAUSE) == Risk.WATCH
    assert of(Sign.TALKS) == Risk.WATCH
    assert of(Sign.TALKS, Sign.PAUSE) == Risk.WARN
    assert of(Sign.CONTRACT) == Risk.WARN
    assert of(Sign.CONTRACT, Sign.PROMISE) == Risk.DANGER
