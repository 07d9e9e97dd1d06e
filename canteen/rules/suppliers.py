"""Who keeps the list of suppliers, and who of them may deliver."""

from datetime import date

from stdnum.cn import uscc

from canteen.apps import KEEPERS, PURCHASERS, RATERS
from canteen.models import CertificateKind, Supplier
from canteen.queries.suppliers import ENDED, papers_of
from portal.errors import BadInput, NotAllowed, Refused
from portal.orgs.access import may
from portal.orgs.models import Unit, User

ENDING = (CertificateKind.PERMIT, CertificateKind.QUARANTINE, CertificateKind.HEALTH)


def may_deliver(supplier: Supplier, day: date) -> None:
    """Nothing is accepted from a supplier without valid papers on that day, or one the school has banned (CR-14, CR-15)."""
    if supplier.banned_on is not None:
        raise Refused(
            f"{supplier.name}已停止合作{f'：{supplier.why}' if supplier.why else ''}。",
            rule="停止合作的供应商不得供货",
            instead="请换一家供应商。",
        )
    for paper in papers_of(supplier, day):
        if paper.state == ENDED:
            raise Refused(
                f"{supplier.name}的{paper.title}{paper.words}，不能收货。",
                rule="进货查验供货者的许可证和合格证明（食品安全法第五十条、第五十三条）",
                who="采购员、食堂管理员",
                instead=f"请先在供应商页登记新的{paper.title}。",
            )


def ends_some_day(kind: str, until: date | None) -> None:
    """A permit for food, a quarantine certificate and a health certificate always end (CR-14): a blank day would let them deliver
    for good."""
    if until is None and kind in ENDING:
        why = f"{CertificateKind(kind).label}都有有效期，请照证件填到哪天。"
        raise BadInput(why, errors={"until": [why]})


def keeps_suppliers(by: User | str, school: Unit) -> None:
    """Suppliers are listed, and their papers taken in, by who buys or runs the canteen."""
    if isinstance(by, User) and not may(by, PURCHASERS, school.path):
        raise NotAllowed("供应商由本校的食堂管理员或采购员登记。", who="食堂管理员、采购员")


def bans_suppliers(by: User | str, school: Unit) -> None:
    """The buyer alone neither bans a supplier nor takes one back."""
    if isinstance(by, User) and not may(by, KEEPERS, school.path):
        raise NotAllowed("停止或恢复合作由食堂管理员、总务主任或校长决定。", who="食堂管理员、总务主任、校长")


def rates_suppliers(by: User, school: Unit) -> None:
    """Suppliers are rated by who receives and cooks what they bring, never by who buys it."""
    if not may(by, RATERS, school.path):
        raise NotAllowed("供应商由保管员、验收员、厨师长和食堂管理员评价。", who="保管员、验收员、厨师长、食堂管理员")


def is_a_credit_code(said: str) -> str:
    """A unified social credit code of 18 signs whose last one fits the others (GB 32100-2015); answers its one spelling.

    Only its length and check digit are asked: codes of village collectives begin with a letter, which `validate` refuses.
    """
    code = uscc.compact("".join(said.split()))
    try:
        fits = len(code) == 18 and uscc.calc_check_digit(code[:-1]) == code[-1]
    except ValueError:  # a sign no code has
        fits = False
    if not fits:
        why = "统一社会信用代码是 18 位，请对照营业执照再输一遍。"
        raise BadInput(why, errors={"uscc": [why]})
    return code
