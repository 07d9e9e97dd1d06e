"""What families ask the canteen of 柳溪镇中心小学 and what they think of it: questions in every state, a term's survey, what is put right."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from canteen.actions import ask, change_canteen
from canteen.actions.ratings import ask_diners, ask_of_term
from canteen.flow import QUESTIONS
from canteen.models import Canteen, Dish, Occasion, Rating, Rectification
from canteen.queries.ratings import questions_on
from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import Case
from portal.hall.demo.district import District
from portal.hall.demo.stage import Stage
from portal.ledger.actions import CLOCK
from portal.orgs.models import Guardianship, User
from portal.surveys.access import pupils_at
from portal.surveys.actions import answer, close_due
from portal.surveys.queries import has_answered

from .cast import SCHOOL
from .places import the_canteen

MANAGER, CHEF = "jianghong", "chuxiang"
FAMILIES, STAFF = 14, 7  # who answer the term's surveys
# days ago, what was asked, privately, what happened then
PLOTS: tuple[tuple[float, str, bool, tuple[str, ...]], ...] = (
    (11, "豆腐是每天早上做的吗？周二的有点酸。", False, ("answer", "thank")),
    (9, "牛奶过敏的孩子有没有别的可以换？", False, ("answer", "ask_again", "answer", "thank")),
    (6, "为什么这周的水果都是苹果？", False, ("answer",)),
    (5, "孩子回家说肚子疼，同桌也疼，请查一查周三的午饭。", True, ("answer",)),
    (4, "问错地方了。", False, ("recall",)),
    (1.2, "排队要二十分钟，能不能错开年级？", False, ()),
    (0.4, "食堂阿姨的健康证能看看吗？", True, ()),
)
WORDS: dict[str, dict[str, Any]] = {
    "answer": {"words": "谢谢您问。已经和厨师长、保管员核对过，下周起调整；每天的验收、留样记录都可以来看。", "listed": True},
    "ask_again": {"words": "那换成豆浆可以吗？"},
}  # fmt: skip


def begin(district: District, stage: Stage) -> None:
    """Puts the questions and the survey on the stage."""
    canteen = the_canteen(district, SCHOOL)
    people = families(canteen)
    for at, (ago, words, private, acts) in enumerate(PLOTS):
        by = people[at % len(people)]
        stage.add(stage.until - timedelta(days=ago), _question(district, canteen, by, words, private, acts))
    stage.add(stage.starts + timedelta(hours=10), _term(district, canteen, people))
    stage.add(stage.starts + timedelta(hours=11), _month(canteen, people))


def families(canteen: Canteen) -> list[User]:
    """Guardians of the school's pupils."""
    held = Guardianship.objects.filter(student__in=pupils_at(canteen.school.path).values("pk"), custody=True)
    return list(User.objects.filter(pk__in=held.values("guardian")).order_by("pk")[:FAMILIES])


def _question(
    district: District, canteen: Canteen, by: User, words: str, private: bool, acts: tuple[str, ...]
) -> Iterator[datetime]:
    data = {"canteen": canteen.pk, "words": words, "private": private}
    case: Case = ask(filled(QUESTIONS, QUESTIONS.opening, case=None, by=by, data=data), by=by)
    for act in acts:
        yield clock.now() + timedelta(hours=5)
        move(case, act, by=district.person(MANAGER) if act == "answer" else by, data=WORDS.get(act, {}))


def _month(canteen: Canteen, people: list[User]) -> Iterator[datetime]:
    """A month's dishes and counters, well liked: the score that the weekly account says."""
    dishes = list(Dish.objects.filter(school=canteen.school, retired_on=None).order_by("pk")[:4])
    change_canteen(canteen, by=CLOCK, windows=["一号窗口", "面点窗口"])
    asked = questions_on(dishes, ("一号窗口", "面点窗口"))
    rating = Rating.objects.get(pk=ask_diners(canteen, Occasion.MONTH, "上月菜品", asked).pk)
    keys = list(rating.survey.questions.values_list("pk", flat=True))
    yield clock.now() + timedelta(hours=10)
    for at, who in enumerate(people):
        if not has_answered(rating.survey, who):
            stars = ["4" if (at + n) % 3 == 0 else "5" for n in range(len(keys) - 1)]
            answer(rating.survey, by=who, answers=dict(zip(keys, [*stars, ""], strict=True)))
    yield rating.survey.closes_at + timedelta(minutes=1)
    close_due()


def _term(district: District, canteen: Canteen, people: list[User]) -> Iterator[datetime]:
    """The term's survey of parents, beside that of pupils and staff: most families answer, hygiene falls below the line and
    is being put right."""
    inside, rating = (Rating.objects.get(pk=one.pk) for one in ask_of_term(canteen))
    keys = list(rating.survey.questions.values_list("pk", flat=True))
    yield clock.now() + timedelta(hours=9)
    own = list(inside.survey.questions.values_list("pk", flat=True))
    for at, username in enumerate(district.schools[SCHOOL].posts["teacher"][:STAFF]):
        stars = ("5" if at % 3 else "4", "4", "5" if at % 2 else "4", "5")
        answer(inside.survey, by=district.person(username), answers=dict(zip(own, (*stars, ""), strict=True)))
    for at, who in enumerate(people):
        stars = ("5", "5" if at % 4 else "4", "3" if at % 3 else "5", "5")
        said = "打菜的窗口能再干净一点吗" if at == 3 else "饭菜比去年好" if at == 8 else ""
        if not has_answered(rating.survey, who):  # the other parent may have
            answer(rating.survey, by=who, answers=dict(zip(keys, (*stars, said), strict=True)))
    yield rating.survey.closes_at + timedelta(minutes=1)
    close_due()
    yield clock.now() + timedelta(hours=12)
    for fix in Rectification.objects.filter(canteen=canteen, state="found"):
        due = (clock.now() + timedelta(days=6)).date()
        chef = district.person(CHEF)
        data = {
            "assignee": chef.pk,
            "due_on": due.isoformat(),
            "measures": "窗口每餐前后各擦一次，拍照留底；换新的防蝇帘。",
        }
        move(fix, "arrange", by=district.person(MANAGER), data=data)
        yield clock.now() + timedelta(hours=20)
        move(fix, "finish_rectification", by=chef, data={"outcome": "防蝇帘已换，每餐前后擦窗口。"})
