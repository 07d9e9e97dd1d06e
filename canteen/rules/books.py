"""What may be booked, by whom, and when a month may be closed; each refusal names its rule."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from canteen.models import Canteen, Entry, Mode
from canteen.models.categories import categories
from canteen.queries.banned import letters
from canteen.queries.books import BOOKKEEPERS, SEALERS
from portal import clock
from portal.cases.flow import address_of
from portal.errors import BadInput, NotAllowed, Refused, WrongStep
from portal.orgs.access import may
from portal.orgs.models import User

Having = Callable[[User, str | Iterable[str], str], bool]  # has the person one of these posts there?
NEVER_WORDS = re.compile("招待|福利|奖金")
INCOME_RULE = "食堂收入不含房租、门面和小卖部承包等非伙食收入（CR-20）"
SPEND_RULE = "学生伙食费不得用于教职工用餐、奖金、福利和招待（CR-21）"


def keeps_books(by: User, canteen: Canteen, *, income: bool) -> None:
    """The accountant books, the cashier only what was paid out (CR-18)."""
    if may(by, "canteen_accountant", canteen.unit.path):
        return
    if not may(by, BOOKKEEPERS, canteen.unit.path):
        raise NotAllowed("账由食堂会计记。", who="食堂会计")
    if income:
        raise NotAllowed("出纳不记收入账，请由食堂会计记。", rule="出纳不兼管收入的登记和稽核（CR-18）", who="食堂会计")


def may_be_booked(code: str) -> None:
    """Only what the reference knows, and nothing it forbids (CR-20, CR-21)."""
    one = categories().get(code)
    if one is None:
        raise BadInput("没有这个科目。", errors={"category": ["请从科目里选。"]})
    if one.is_forbidden:
        rule = INCOME_RULE if one.is_income else SPEND_RULE
        raise Refused(f"“{one.name}”不能记入食堂账。", rule=rule, instead="请记到学校的其他账上。")


def fits_the_canteen(code: str, canteen: Canteen) -> None:
    """Depreciation and rent are no cost of a canteen the school runs itself; a delivery fee is one of contracts only."""
    kind = categories()[code].from_fee
    if kind == "no" and canteen.mode == Mode.OWN:
        raise Refused(f"自营食堂不列“{categories()[code].name}”。", rule="自营食堂不计折旧和租金")
    if kind == "contract" and canteen.mode == Mode.OWN:
        raise Refused(f"自营食堂没有“{categories()[code].name}”。", rule="配送管理费只在承包或配餐时发生")


def words_are_clean(words: str, *, income: bool) -> None:
    """What the words call hospitality, benefits or bonuses is not paid from meal money, whatever the category (CR-21)."""
    found = NEVER_WORDS.search(letters(words))
    if found and not income:
        raise Refused(
            f"摘要里有“{found[0]}”，不能从伙食费里支出。",
            rule=SPEND_RULE,
            instead="确属误写请改摘要；这类支出请走学校的其他账。",
            errors={"words": [f"有“{found[0]}”，不能从伙食费里支出。请改摘要，或走学校的其他账。"]},
        )


def not_ahead(dated: date) -> None:
    """A voucher is of today or before."""
    if dated > clock.today():
        raise BadInput("凭证日期不能晚于今天。", errors={"dated": ["不能晚于今天。"]})


def not_booked_already(same: Entry | None, apart: str) -> None:
    """What two people signed for has booked itself; it is booked by hand only where somebody says why it is another purchase."""
    if same is None or same.case is None or apart.strip():
        return
    number, day = same.case.number, f"{same.dated.month}月{same.dated.day}日"
    said = f"到货 {number} 在{day}已经自动入账（{categories()[same.category].name} {same.amount:.2f} 元），这一笔像是同一次采购。"
    raise Refused(
        said,
        rule="验收的食材由系统入账，一次采购只记一笔",
        instead="是同一次就不用再记，发票附到那一笔上；确是另一次采购，请写明原因再记。",
        errors={"apart": [f"{said}确是另一次采购，请写明原因。"]},
        see=(f"看到货 {number}", address_of(same.case)),
    )


def stands_there_once(entry: Entry, twin: Entry | None, apart: str) -> None:
    """One purchase counts once: what a delivery and somebody by hand have both booked is not sealed before one is taken back,
    or whoever seals says why it is another purchase."""
    if twin is None or apart:
        return
    hand, own = (twin, entry) if entry.by_id is None else (entry, twin)
    number = own.case.number if own.case else ""
    raise Refused(
        f"到货 {number} 自动入了账（{categories()[own.category].name} {own.amount:.2f} 元），手工也记了一笔“{hand.words}”"
        f"（{hand.amount:.2f} 元），像是同一次采购。",
        rule="一次采购只记一笔",
        who="食堂会计、食堂出纳",
        instead="是同一次，请先红冲手工记的那一笔；确是两次采购，请打开这一笔，写明原因再盖章。",
        errors={"apart": ["像是同一次采购；确是另一次，请写明原因。"]},
        see=("看另一笔账", f"/canteen/books/{twin.pk}/"),
    )


def seals_books(by: User, canteen: Canteen, entries: Iterable[Entry], *, having: Having = may) -> None:
    """Two people: whoever books an amount never seals it, and the cashier seals none (CR-18).

    Of one canteen's entries: what the person holds there is asked once for all of them, by `having`: freshly for a write,
    `holds` for a button.
    """
    typed, delivered = list[Entry](), list[Entry]()
    for one in entries:
        (delivered if one.by_id is None and one.case_id is not None else typed).append(one)
    if typed:
        _seals_typed(by, canteen.unit.path, typed, having)
    if delivered:
        _seals_delivered(by, canteen.unit.path, delivered, having)


def _seals_typed(by: User, path: str, entries: Iterable[Entry], having: Having) -> None:
    if not having(by, SEALERS, path):
        raise NotAllowed("账由食堂管理员、总务主任或校领导复核盖章。", who="食堂管理员、总务主任、分管副校长、校长")
    if any(one.by_id == by.pk for one in entries):
        raise Refused("您记的账，不能由您复核。", rule="印鉴由两人分管（CR-18）", instead="请另一位负责人复核。")
    if having(by, BOOKKEEPERS, path):
        raise Refused("记账和管钱的人不能复核。", rule="出纳不稽核，会计不复核自己的账（CR-18）")


def _seals_delivered(by: User, path: str, entries: Iterable[Entry], having: Having) -> None:
    """What a delivery booked by itself is looked at by the accountant or whoever seals, never by one who took it in or the till."""
    if not having(by, (*SEALERS, "canteen_accountant"), path):
        raise NotAllowed("到货入的账由食堂会计或负责人复核。", who="食堂会计、食堂管理员、总务主任、校领导")
    if having(by, "canteen_cashier", path):
        raise Refused("管钱的人不能复核。", rule="出纳不兼管稽核（CR-18）")
    for one in entries:
        took_in = getattr(one.case, "delivery", None)
        if took_in is not None and by.pk in (took_in.weighed_by_id, took_in.first_id, took_in.second_id):
            raise Refused(
                "这批货是您验收的，账不能由您复核。", rule="验收和记账分开（CR-18）", instead="请另一位负责人复核。"
            )


def can_be_reversed(entry: Entry) -> None:
    """An entry is taken back once; a reversal and what went back to a supplier are not taken back, they are booked anew."""
    if entry.amount < 0:
        raise WrongStep("红冲和退货的那一笔不能再红冲。", instead="要恢复请重新记一笔。")
    if hasattr(entry, "reversed_by"):
        raise WrongStep("这一笔已经红冲过了。")


def stock_is_counted(
    known: Mapping[str, tuple[Decimal, Decimal]], counted: Mapping[str, Decimal], corrected: Mapping[str, Decimal]
) -> None:
    """实耗 = 期初 + 入账 - 期末, never below zero, for every food that was there or was bought; what takes back amounts of months
    closed before (`corrected`) does not count for this: they are shut, and what they say was used is made good here."""
    missing = [code for code, (opening, booked) in known.items() if opening + booked and code not in counted]
    if missing:
        names = "、".join(categories()[code].name for code in missing)
        raise BadInput(f"还没有盘点：{names}。", errors={code: ["请填期末库存。"] for code in missing})
    for code, closing in counted.items():
        opening, booked = known.get(code, (Decimal(0), Decimal(0)))
        most = opening + booked - corrected.get(code, Decimal(0))
        if not 0 <= closing <= most:
            name = categories()[code].name
            raise BadInput(
                f"{name}的期末库存 {closing:.2f} 元不对：期初 {opening:.2f} 加入账 {booked:.2f} 只有 {most:.2f} 元，实耗不能为负。",
                instead="请重新盘点，或先补记漏记的入账。",
                errors={code: [f"最多 {most:.2f} 元。"]},
            )


def difference_is_explained(store: Mapping[str, Decimal], counted: Mapping[str, Decimal], why: str) -> None:
    """What was counted is what the food store says; where it is not, somebody says why."""
    off = [code for code, left in store.items() if counted.get(code, Decimal(0)) != left]
    if off and not why.strip():
        names = "、".join(f"{categories()[code].name}（库存账 {store[code]:.2f} 元）" for code in off)
        raise BadInput(f"和库存账不同：{names}。请写明原因。", errors={"difference": ["和库存账不同，请写明原因。"]})


def every_entry_is_sealed(waiting: Iterable[Entry], *, of: str) -> None:
    """Nothing is counted that a second person has not sealed."""
    left = len(list(waiting))
    if left:
        raise Refused(
            f"{of}还有 {left} 笔没有复核。",
            rule="每笔账由两人经手（CR-18）",
            who="食堂管理员、总务主任",
            instead="请先到账本的“待复核”里核对。",
        )
