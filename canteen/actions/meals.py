"""How many ate, and meal money: what the card system says, shown before it is written, and what is given back."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from canteen.models import Canteen, Meal, MealCount, MealMoney
from canteen.queries.books import month_of_day
from canteen.queries.meals import KEEPERS, balance_of, pupils_of
from canteen.rules.meals import terms_before_are_settled
from portal import clock
from portal.errors import BadInput, NotAllowed, Refused, Stale
from portal.ledger.actions import append
from portal.orgs.access import may
from portal.orgs.models import Student, User
from portal.sheets.importing import Change, Line, Mistake, Plan, Table

from .books import locked

COUNTERS = ("canteen_manager", "canteen_chef", "canteen_accountant")
SIGN = {MealMoney.PAID: 1, MealMoney.EATEN: -1, MealMoney.REFUNDED: -1}


@transaction.atomic
def count_meal(
    canteen: Canteen, *, day: date, meal: str, students: int, staff: int, by: User, guests: int = 0
) -> MealCount:
    """登记就餐人数 of one meal; counted again it replaces what was said, and the chain keeps both.

    Refused: a day to come, a meal the canteen does not cook, a month that is closed.
    """
    if not may(by, COUNTERS, canteen.unit.path):
        raise NotAllowed("就餐人数由厨师长、食堂管理员或食堂会计登记。", who="厨师长、食堂管理员、食堂会计")
    canteen = locked(canteen)
    if day > clock.today():
        raise BadInput("还没到这一天。", errors={"day": ["不能晚于今天。"]})
    if canteen.meals and meal not in canteen.meals:
        raise BadInput(f"{canteen.name}不供{Meal(meal).label}。", errors={"meal": ["本食堂不供这一餐。"]})
    if canteen.months.filter(month=month_of_day(day), closed_at__isnull=False).exists():
        raise Refused("这个月已经结账，就餐人数不能再改。", instead="有误请在月报里说明，或更正已公示的周账。")
    said = {"students": students, "staff": staff, "guests": guests}
    made, fresh = MealCount.objects.get_or_create(canteen=canteen, day=day, meal=meal, defaults=said)
    changed = any(getattr(made, name) != value for name, value in said.items())
    if changed:
        for name, value in said.items():
            setattr(made, name, value)
        made.save(update_fields=list(said))
    if fresh or changed:
        append(made, "counted", by=by, at=clock.now(), facts={"canteen": canteen, "day": day, "meal": meal} | said)
    return made


def plan(table: Table, *, canteen: Canteen) -> Plan:
    """What each line of the card system's file would do: new, or written before; one that says otherwise is a mistake."""
    numbers = {line.clean["number"] for line in table.lines}
    pupils = {one.number: one for one in pupils_of(canteen).filter(number__in=numbers)}
    serials = [line.clean["serial"] for line in table.lines]
    known = {one.serial: one for one in canteen.meal_money.filter(serial__in=serials).select_related("student")}
    changes, mistakes = [], list(table.mistakes)
    for line in table.lines:
        wrong = _wrong(line, pupils.get(line.clean["number"]), known.get(line.clean["serial"]))
        if wrong:
            mistakes.append(Mistake(line.number, wrong))
        elif line.clean["serial"] in known:
            changes.append(Change(line, "same"))
        else:
            words = f"{line.clean['words']} {line.clean['amount']:.2f} 元"
            changes.append(Change(line, "new", words, pupils[line.clean["number"]]))
    return Plan(changes, sorted(mistakes, key=lambda one: one.number))


@transaction.atomic
def carry_out(table: Table, *, canteen: Canteen, seen: str, by: User) -> Plan:
    """Writes what was `seen` in the preview, all of it or nothing. Refused: any bad line; money that moved since;
    payments of a new term while the term before owes a refund (CR-30)."""
    refuse_others(by, canteen)
    canteen = locked(canteen)
    now = plan(table, canteen=canteen)
    if now.mistakes:
        raise BadInput(f"有 {len(now.mistakes)} 行不对，整张表都没有写入。")
    if now.digest != seen:
        raise Stale("餐费在您预览之后有变化，这次没有写入。", instead="请看过新的预览再确认。")
    fresh = [change for change in now.changes if change.what == "new"]
    paid = [change.line.clean["day"] for change in fresh if change.line.clean["kind"] == MealMoney.PAID]
    terms_before_are_settled(canteen, paid)
    rows = [_row(canteen, change, by) for change in fresh]
    MealMoney.objects.bulk_create(rows, batch_size=1000)
    if rows:
        total = sum((one.amount for one in rows), Decimal(0))
        append(canteen, "brought", by=by, at=clock.now(), facts={"moves": len(rows), "amount": total, "plan": seen})
    return now


@transaction.atomic
def refund(canteen: Canteen, student: Student, *, amount: Decimal, why: str, by: User) -> MealMoney:
    """退餐费 to one family. Refused: more than is left, people who keep neither books nor till."""
    refuse_others(by, canteen)
    canteen = locked(canteen)
    left = balance_of(student, canteen)
    if amount > left:
        raise Refused(
            f"余额只有 {left:.2f} 元，不能退 {amount:.2f} 元。",
            errors={"amount": [f"最多 {max(left, Decimal(0)):.2f} 元。"]},
        )
    at = clock.now()
    serial = f"TK-{canteen.chain_seq + 1:08d}"
    made = MealMoney.objects.create(
        canteen=canteen, student=student, day=clock.today(), kind=MealMoney.REFUNDED, amount=-amount, serial=serial,
        why=why, by=by, at=at,
    )  # fmt: skip
    append(canteen, "refunded", by=by, at=at, facts={"move": made.pk, "amount": amount})
    return made


def refuse_others(by: User, canteen: Canteen) -> None:
    """A family's money is seen and written by those who keep books and till."""
    if not may(by, KEEPERS, canteen.unit.path):
        raise NotAllowed("学生餐费由食堂会计和出纳管。", who="食堂会计、食堂出纳")


def _wrong(line: Line, pupil: Student | None, known: MealMoney | None) -> str:
    """Why a line cannot be taken; blank when it can."""
    clean = line.clean
    if pupil is None:
        return f"本校没有学号 {clean['number']}。"
    if clean["day"] > clock.today():
        return f"日期 {clean['day']} 还没到。"
    if clean["name"] != pupil.name:
        return f"学号 {clean['number']} 的姓名对不上。"
    if known is not None:
        said = (known.student.number, known.day, known.kind, abs(known.amount))
        if said != (clean["number"], clean["day"], clean["kind"], clean["amount"]):
            return f"流水号 {clean['serial']} 导入过，内容不同。"
    return ""


def _row(canteen: Canteen, change: Change, by: User) -> MealMoney:
    clean = change.line.clean
    return MealMoney(
        canteen=canteen, student=change.row, day=clean["day"], kind=clean["kind"], serial=clean["serial"],
        amount=SIGN[clean["kind"]] * clean["amount"], by=by, at=clock.now(),
    )  # fmt: skip
