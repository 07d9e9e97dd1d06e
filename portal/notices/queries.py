"""What a person has been told, and what did not arrive."""

from django.db.models import Q, QuerySet

from portal.errors import NotThere
from portal.orgs.access import scope
from portal.orgs.models import STEP, User

from .models import ChannelChoice, Delivery, Notice

PAGE = 25
MOST = 99  # unread notices counted; beyond it says 99+


def inbox(user: User, *, before: int | None = None, limit: int = PAGE, unread: bool = False) -> list[Notice]:
    """The person's own notices, newest first, from below the id `before` on; only unread ones when asked."""
    mine = Notice.objects.filter(to=user)
    if unread:
        mine = mine.filter(read_at=None)
    if before is not None:
        mine = mine.filter(pk__lt=before)
    return list(mine.order_by("-id")[:limit])


def own(user: User, pk: int) -> Notice:
    """One of the person's own notices; anybody else's is not there."""
    notice = Notice.objects.filter(to=user, pk=pk).first()
    if notice is None:
        raise NotThere
    return notice


def unread_count(user: User) -> int:
    """How many notices the person has not read; 100 stands for more than 99. One query over at most 100 rows."""
    return Notice.objects.filter(to=user, read_at=None)[: MOST + 1].count()


def badge(count: int) -> str:
    """The number on the bell: nothing for none, 99+ for more."""
    if not count:
        return ""
    return str(count) if count <= MOST else f"{MOST}+"


def choices_of(user: User) -> dict[str, bool]:
    """What the person has chosen for channels; those never touched are absent and count as on."""
    return dict(ChannelChoice.objects.filter(person=user).values_list("channel", "on"))


def dead_letters(viewer: User, *, before: int | None = None, limit: int = PAGE) -> list[Delivery]:
    """Deliveries given up that this admin looks after, newest first, from below the id `before` on."""
    dead = overseen(viewer).filter(state=Delivery.State.DEAD)
    if before is not None:
        dead = dead.filter(pk__lt=before)
    return list(dead.select_related("notice__to__home").order_by("-id")[:limit])


def letter(viewer: User, pk: int) -> Delivery:
    """One delivery this admin looks after, given up or not; any other is not there."""
    delivery = overseen(viewer).filter(pk=pk).first()
    if delivery is None:
        raise NotThere
    return delivery


def overseen(viewer: User) -> QuerySet[Delivery]:
    """Deliveries to the people of an admin's units; people of no unit (parents) belong to the top. None for others."""
    seen = Q(pk__in=[])
    for path in scope(viewer, "admin"):
        seen |= Q(notice__to__home__path__startswith=path)
        if len(path) == STEP:
            seen |= Q(notice__to__home=None)
    return Delivery.objects.filter(seen)
