"""One ticket on its way: each method is one step, taken by the person whose step it is, in that person's words."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import Case
from portal.hall.demo.cast import ADMIN
from portal.hall.demo.chance import Chance
from portal.hall.demo.district import District, School
from portal.hall.demo.stage import Story
from portal.orgs.actions import leave
from portal.orgs.models import Unit, User
from repairs.actions import report
from repairs.flow import FLOW

from . import phrases
from .album import Album
from .characters import Character
from .faults import Fault

PICTURED = 0.6  # of reports come with a photo
SLOW = 200  # minutes after which a desk apologises
WORDY = 0.55  # of sign-offs come with words


@dataclass
class Job:
    """What broke where, who says so, and how this school deals with it. People are usernames."""

    district: District
    school: School
    character: Character
    album: Album
    fault: Fault
    place: Unit
    words: str
    opener: str
    technician: str
    case: Case | None = None
    danger: bool = False

    @property
    def chance(self) -> Chance:
        """The district's one chance."""
        return self.district.chance

    @property
    def ticket(self) -> Case:
        """The ticket, once it is reported."""
        assert self.case is not None
        return self.case

    @property
    def desk(self) -> str:
        """Who dispatches here."""
        return self.school.holder("dispatcher")

    def later(self, minutes: float) -> datetime:
        """When something is done that takes people here about so many minutes: by day for what is pressing, else in school hours."""
        hours, now = self.district.hours, clock.now()
        took = self.chance.around(minutes)
        kind = self.fault.kind
        if self.character.on_duty and (kind.measure == "wall" or kind.priority == 1):
            return hours.awake(
                now + timedelta(minutes=took * (0.4 if kind.priority == 1 else 1), seconds=self.chance.randrange(60))
            )
        return hours.at_work(self.place.path, now, took) + timedelta(seconds=self.chance.randrange(60))

    def stands_in(self, *states: str) -> bool:
        """Whether the ticket is in one of these states now: the clock may have taken a step meanwhile."""
        return Case.objects.filter(pk=self.ticket.pk, state__in=states).exists()

    def say(self, phrases_of: tuple[str, ...]) -> str:
        """One of these sentences, with the technician's name and the part in it."""
        who = f"{self.district.person(self.technician).name[0]}师傅"
        return self.chance.choice(phrases.fitting(phrases_of, self.fault.scene)).format(
            who=who, part=self.fault.part or "工具"
        )

    def take(self, step: str, by: str, **data: Any) -> None:
        """Takes a step as this person."""
        self.case = move(self.ticket, step, by=self.district.person(by), data=data)

    # The steps, in the order of the flow

    def report(self, *, by: str = "", photos: int | None = None) -> None:
        """Reported by the opener, or by the desk for them."""
        who = self.district.person(by or self.opener)
        wanted = photos if photos is not None else (1 + self.chance.happens(0.12)) * self.chance.happens(PICTURED)
        data: dict[str, Any] = {
            "unit": self.place.pk,
            "topic": self.fault.topic,
            "item": self.fault.item,
            "words": self.words,
        }
        data["photos"] = [self.album.before(self.fault.scene, by=who) for _ in range(wanted)]
        if self.danger or (self.fault.kind.safety and "怕" in self.words):
            data["danger"] = "on"
        if "宿舍" in self.place.place:
            data["discreet"] = "on"
        if by:
            data["opener"] = self.opener
        self.case = report(filled(FLOW, FLOW.opening, case=None, by=who, data=data), by=who)

    def accept(self, *, late: bool = False) -> None:
        """受理 with a reply."""
        slow = late or self.character.desk > SLOW
        self.take("accept", self.desk, reply=self.say(phrases.SORRY if slow else phrases.REPLIES))

    def assign(self, to: str = "", *, again: bool = False) -> None:
        """派工, sometimes with a note."""
        self.technician = to or self.technician
        note = self.say(phrases.AGAIN if again else phrases.NOTES) if again or self.chance.happens(0.3) else ""
        self.take("assign", self.desk, assignee=self._technician.pk, note=note)

    def arrive(self) -> None:
        """到场, sometimes with a word on what was found."""
        note = self.say(phrases.ARRIVED) if self.chance.happens(0.35) else ""
        self.take("arrive", self.technician, note=note)

    def finish(self) -> None:
        """完工 with a photo of it."""
        after = self.album.after(self.fault.scene, by=self._technician)
        self.take("finish", self.technician, after=[after], done=self.chance.choice(self.fault.done))

    def enter_sheet(self) -> None:
        """The technician's paper sheet, entered by the desk."""
        sheet = self.album.sheet(by=self.district.person(self.desk))
        self.take("enter_sheet", self.desk, sheet=[sheet], done=self.chance.choice(self.fault.done))

    def confirm(self, *, by: str = "", stars: int | None = None) -> None:
        """验收 with two ratings; few stars never come without a word."""
        speed, quality = (stars or self.chance.choices((5, 4, 3, 2), self.character.stars)[0] for _ in range(2))
        least = min(speed, quality)
        pool = phrases.THANKS if least >= 4 else phrases.FAIR if least == 3 else phrases.POOR
        words = self.say(pool) if least <= 2 or self.chance.happens(WORDY) else ""
        self.take("confirm", by or self.opener, speed=speed, quality=quality, words=words)

    def send_back(self) -> None:
        """退回返修: what is still wrong, sometimes with a photo."""
        by = self.district.person(self.opener)
        photos = [self.album.before(self.fault.scene, by=by)] if self.chance.happens(0.5) else []
        self.take("send_back", self.opener, reason=self.fault.back or "还是不行，和没修前一样。", photos=photos)

    def reopen(self) -> None:
        """重新报修: the same thing is broken again."""
        self.take("reopen", self.opener, reason=self.fault.back or "用了两天又坏了，和上次一样。")

    def told_by(self, opener: str) -> "Job":
        """The same fault, noticed by somebody else."""
        return replace(self, opener=opener, case=None)

    def merge_into(self, number: str) -> None:
        """并入 by the desk."""
        self.take("merge", self.desk, into=number, reason="和另一位老师报的是同一处，并在一起办。")

    def merge_into_first(self) -> None:
        """并入 the one that was reported first at the same place."""
        same = Case.objects.filter(is_open=True, kind=FLOW.kind, unit=self.ticket.unit_id, topic=self.fault.topic)
        self.merge_into(same.exclude(pk=self.ticket.pk).earliest("pk").number)

    def ask_materials(self) -> None:
        """申请材料: what the store does not have."""
        line = {"item": self.fault.part or "配件", "quantity": "1", "measure": "个", "price": "260"}
        self.take("request_materials", self.technician, category="device", reason="库里没有，要买。", lines=[line])

    def plan_visit(self) -> None:
        """约定上门时间, a few school hours ahead."""
        at = self.district.hours.at_work(self.place.path, clock.now(), 120)
        self.take("plan_visit", self.technician, visit_at=at.isoformat(), note="已和老师说好，下课后过去。")

    def call_help(self, helper: str) -> None:
        """请人协助."""
        self.take("call_help", self.technician, helper=self.district.person(helper).pk, note="要两个人抬，请带梯子。")

    def reject(self) -> None:
        """不予受理."""
        self.take("reject", self.desk, reason=self.say(phrases.REJECTED))

    def withdraw(self) -> None:
        """撤回."""
        self.take("withdraw", self.opener, reason=self.say(phrases.WITHDRAWN))

    def return_job(self) -> None:
        """退单 by the technician."""
        self.take("return_job", self.technician, reason=self.say(phrases.RETURNED))

    def reassign(self, to: str) -> None:
        """改派 to another technician."""
        self.technician = to
        self.take("reassign", self.desk, assignee=self._technician.pk, reason=self.say(phrases.CHANGED))

    def reclassify(self) -> None:
        """Another priority; what seemed to come from the roof comes from the air conditioning."""
        if self.fault.scene == "ceiling":
            return self.take("reclassify", self.desk, topic="RP-08", priority=3, reason=phrases.FROM_ABOVE)
        usual = self.ticket.priority < 3
        reason = self.say(phrases.USUAL if usual else phrases.PRESSING)
        return self.take("reclassify", self.desk, topic=self.fault.topic, priority=3 if usual else 2, reason=reason)

    def replace(self) -> None:
        """Another room of the same building."""
        near = [one for one in self.school.places if self.fault.fits(one) and one.pk != self.place.pk]
        if near:
            self.place = self.chance.choice(near)
            self.take("replace", self.desk, unit=self.place.pk, reason=self.say(phrases.ELSEWHERE))

    def raise_priority(self) -> None:
        """The reporter says it is urgent; only what was not urgent yet."""
        if self.ticket.priority == 3:
            self.take("raise_priority", self.opener, priority=2, reason=self.say(phrases.RAISED))

    def ask_time(self) -> None:
        """申请延期."""
        hours = self.chance.choice(("4", "8", "16", "24"))
        self.take("ask_time", self.technician, asked_hours=hours, reason=self.say(phrases.WANT_TIME))

    def grant_time(self) -> None:
        """批准延期 by the head of logistics."""
        self.take("grant_time", self.school.holder("logistics_head"), note=self.say(phrases.GRANTED))

    def refuse_time(self) -> None:
        """不批准延期."""
        self.take("refuse_time", self.school.holder("logistics_head"), reason=self.say(phrases.REFUSED))

    def opener_leaves(self) -> None:
        """The reporter leaves the school; the head of the place signs off instead."""
        leave(self.district.person(self.opener), by=self.district.person(ADMIN))
        self.district.wake_up()

    def comment(self, by: str = "") -> None:
        """补充说明 by the opener, or by the technician."""
        words = self.say(phrases.FROM_DESK if by else phrases.FROM_OPENER)
        self.take("comment", by or self.opener, words=words)

    def nudge(self, by: str) -> None:
        """催办 by a head or an officer."""
        self.take("nudge", by, words=self.say(phrases.NUDGES))

    def urged_by_bureau(self) -> None:
        """催办 by the bureau's officer."""
        self.nudge("ouyangmin")

    @property
    def _technician(self) -> User:
        return self.district.person(self.technician)


@dataclass(frozen=True)
class Planned:
    """A story put on at a moment, with its ticket."""

    moment: datetime
    job: Job
    story: Story
