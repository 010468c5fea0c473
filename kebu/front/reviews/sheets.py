"""A review as a workbook: the same figures as its page, one sheet for each part."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from kebu.base.kit.table_write import Sheet
from kebu.front.reviews.ledger import Passage
from kebu.front.reviews.people import Person
from kebu.front.reviews.periods import Period
from kebu.front.reviews.reckoning import Review
from kebu.front.reviews.standing import Standing
from kebu.front.reviews.traits import Portrait

Row = Sequence[object]


def sheets(review: Review, period: Period, *, lacks_shared: bool = False) -> list[Sheet]:
    """指标, 趋势, 转化, 每个人, 共性; of a quarter the rules too. ``lacks_shared`` is told too."""
    figures: list[Row] = [
        (one.label, one.number, one.before, one.change, one.unit, one.note) for one in review.figures
    ]
    if lacks_shared:
        figures.append((_("范围"), None, None, None, "", _("不含只共享给我看的客户")))
    rates = [_("新增客户数"), _("成交客户数"), _("客户流失率（%）"), _("说明")]
    points = [
        (
            f"{one.month.year}-{one.month.number:02}",
            one.came,
            one.won,
            one.churned,
            _("还没过完") if one.is_unfinished else "",
        )
        for one in review.points
    ]
    head = [_("指标"), period.label, period.before.label, _("变化"), _("单位"), _("说明")]
    found = [
        Sheet(_("指标"), head, figures),
        Sheet(_("趋势"), [_("月份"), *rates], points),
        _passages(review.passages),
        _people(review.people),
        _traits(review),
    ]
    return [*found, _standings(review.standings)] if period.is_quarter else found


def _passages(rows: Iterable[Passage]) -> Sheet:
    head = [_("客户类型"), _("客户"), _("往前走了"), _("往前走了（%）"), _("流失了"), _("流失了（%）")]
    told = (
        (str(one.type.label), one.all, one.onward, one.onward_share, one.lost, one.lost_share) for one in rows
    )
    return Sheet(_("转化"), head, list(told))


def _people(rows: Iterable[Person]) -> Sheet:
    head = [
        _("姓名"),
        _("跟进"),
        _("成交"),
        _("流失"),
        _("平均成单（天）"),
        _("每单跟进（次）"),
        _("响应率（%）"),
        _("兑现率（%）"),
        _("24小时内（%）"),
        _("突出的"),
    ]
    return Sheet(_("每个人"), head, [_person(one) for one in rows])


def _person(one: Person) -> Row:
    work = one.work
    counts = (one.name, work.talks, work.won, work.lost, work.cycle, work.per_deal)
    return (*counts, work.answered, work.kept, work.on_time, "；".join((*one.good, *one.bad)))


def _traits(review: Review) -> Sheet:
    head = [_("哪些客户"), _("特征"), _("值"), _("个数"), _("占他们的（%）"), _("占全部的（%）")]
    rows = [*_portrait(_("流失客户"), review.lost), *_portrait(_("A级客户"), review.best)]
    return Sheet(_("共性"), head, rows)


def _portrait(whose: str, found: Portrait) -> Iterator[Row]:
    yield whose, _("一共"), "", found.count, None, None
    for one in found.traits:
        yield whose, one.label, one.value, one.many, one.share, one.share_of_all
    if found.is_enough:
        yield whose, _("跟进次数少于3次"), "", None, found.few_talks, found.few_talks_of_all


def _standings(rows: Iterable[Standing]) -> Sheet:
    head = [_("分级"), _("跟进频率"), _("从哪天起"), _("客户"), _("按时联系到"), _("按时联系到（%）")]
    told = [(one.grade, one.words, one.begun, one.many, one.in_time, one.share) for one in rows]
    return Sheet(_("规矩"), head, told)
