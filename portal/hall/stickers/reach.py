"""Which units' stickers a person keeps."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from portal.errors import NotAllowed, NotThere
from portal.orgs.access import may, scope
from portal.orgs.models import Unit, User
from portal.orgs.policies import SIGNED_IN, person, policy
from portal.orgs.roles import keepers, title

LONGEST_ID = 18


def _keeping(request: HttpRequest) -> None:
    SIGNED_IN.check(request)
    if not tops(person(request)):
        names = "、".join(title(code) for code in keepers("stickers"))
        raise NotAllowed("贴纸由别的岗位管理，您的岗位打不开。", who=names, instead="回到首页，从菜单里选择您的事项。")


KEEPING = policy("keeping:stickers", "管贴纸的人：系统管理员、总务主任、资产管理员")(_keeping)


def tops(by: User) -> list[str]:
    """The tops of the trees whose stickers this person keeps."""
    return scope(by, *keepers("stickers"))


def units(by: User) -> QuerySet[Unit]:
    """The units there, but for offices and classes, which are no places."""
    tree = Q(pk__in=[])
    for path in tops(by):
        tree |= Q(path__startswith=path)
    return Unit.objects.open().filter(tree).exclude(kind__in=("section", "class")).select_related("school")


def unit_at(request: HttpRequest, text: str) -> Unit:
    """The unit of that id; not there for others. A write asks the database again."""
    by = person(request)
    pk = int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else 0
    unit = units(by).filter(pk=pk).first()
    if unit is None or (request.method == "POST" and not may(by, keepers("stickers"), unit.path)):
        raise NotThere
    return unit
