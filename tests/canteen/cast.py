"""Who plays in the canteen: posts beside the small district's cast, and the school's kitchen."""

from dataclasses import dataclass, fields

from canteen.actions import open_canteen
from canteen.models import Canteen
from portal.orgs.models import User
from tests.district import District, hire
from tests.replay import again


@dataclass(frozen=True)
class Kitchen:
    """Jiang runs the canteen, Cai buys, Bo keeps the store, Yan inspects, Chu cooks, Kuai keeps the books, Na the till;
    Fang sees to food safety, Zhong heads it; Mei is a mother on the meal committee, Tang the bureau's officer; Yuan runs
    the far school's canteen and must see nothing of this one."""

    jiang: User
    cai: User
    bo: User
    yan: User
    chu: User
    kuai: User
    na: User
    fang: User
    zhong: User
    mei: User
    tang: User
    yuan: User


def kitchen_of(place: District) -> Kitchen:
    """Everybody in their posts; those hired before, where a test leaves its rows behind."""
    if User.objects.filter(username="jiang").exists():
        return Kitchen(**{one.name: User.objects.get(username=one.name) for one in fields(Kitchen)})
    return again("kitchen", lambda: _hire_all(place), place.school.pk)


def _hire_all(place: District) -> Kitchen:
    s = place.school
    return Kitchen(
        jiang=hire("jiang", "江涛", s, ("canteen_manager", s)),
        cai=hire("cai", "蔡芹", s, ("canteen_buyer", s)),
        bo=hire("bo", "薄稳", s, ("canteen_keeper", s)),
        yan=hire("yan", "严明", s, ("canteen_inspector", s), ("teacher", s)),
        chu=hire("chu", "楚香", s, ("canteen_chef", s)),
        kuai=hire("kuai", "蒯清", s, ("canteen_accountant", s)),
        na=hire("na", "那敏", s, ("canteen_cashier", s)),
        fang=hire("fang", "方正", s, ("food_safety_officer", s)),
        zhong=hire("zhong", "钟鸣", s, ("food_safety_director", s), ("teacher", s)),
        mei=hire("mei", "梅雨", s, ("meal_committee", s), ("parent", s)),
        tang=hire("tang", "汤瑞", place.bureau, ("canteen_officer", place.bureau)),
        yuan=hire("yuan", "袁野", place.far_school, ("canteen_manager", place.far_school)),
    )


def canteen_of(place: District) -> Canteen:
    """The school's one canteen, which cooks lunch for 500; the one opened before, where a test leaves its rows behind."""
    found = Canteen.objects.filter(school=place.school).select_related("school", "place").first()
    return found or open_canteen(school=place.school, name="第一食堂", meals=["lunch"], diners=500, by="clock")
