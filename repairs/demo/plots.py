"""How tickets go: one plot a way it can turn. Each yields the moment of its next act; what lies in the future never happens."""

from collections.abc import Callable
from datetime import timedelta

from portal.hall.demo.stage import Story

from .job import Job
from .store import waiting

Plot = Callable[[Job], Story]


def usual(job: Job) -> Story:
    """Reported, answered, dispatched, repaired, signed off."""
    yield from to_the_technician(job)
    yield from repaired(job)
    yield from signed_off(job)


def silent(job: Job) -> Story:
    """Repaired, and the reporter never says a word: the clock closes it unreviewed."""
    yield from to_the_technician(job)
    yield from repaired(job)


def sent_back(job: Job) -> Story:
    """Not repaired well: it comes back once."""
    yield from to_the_technician(job)
    yield from repaired(job)
    yield job.later(150)
    if job.stands_in("finished"):
        job.send_back()
        yield job.later(job.character.way * 1.5)
        job.finish()
        yield from signed_off(job)


def phoned(job: Job) -> Story:
    """Somebody phones, and the desk reports for them."""
    job.report(by=job.desk, photos=0)
    yield job.later(4)
    job.accept()
    yield job.later(5)
    job.assign()
    yield from repaired(job)
    yield from signed_off(job)


def on_paper(job: Job) -> Story:
    """The technician fills in a paper sheet, the desk enters it."""
    yield from to_the_technician(job)
    yield job.later(job.character.way + job.character.work + 60)
    job.enter_sheet()
    yield from signed_off(job)


def rejected(job: Job) -> Story:
    """Not the school's to repair."""
    job.report()
    yield job.later(job.character.desk)
    job.reject()


def withdrawn(job: Job) -> Story:
    """Taken back before anybody came."""
    job.report()
    yield job.later(9)
    if job.stands_in("reported"):
        job.withdraw()


def returned(job: Job) -> Story:
    """The technician gives it back, and is sent again with what was missing."""
    yield from to_the_technician(job)
    yield job.later(job.character.way)
    job.return_job()
    yield job.later(job.character.desk + 40)
    job.assign(to=other_technician(job), again=True)
    yield from repaired(job)
    yield from signed_off(job)


def reassigned(job: Job) -> Story:
    """Somebody else is sent."""
    yield from to_the_technician(job)
    yield job.later(job.character.way * 0.4)
    job.reassign(other_technician(job))
    yield from repaired(job)
    yield from signed_off(job)


def reclassified(job: Job) -> Story:
    """The desk finds it is more, or less, urgent than it was reported."""
    job.report()
    yield job.later(job.character.desk)
    job.accept()
    yield job.later(6)
    job.reclassify()
    yield job.later(8)
    job.assign()
    yield from repaired(job)
    yield from signed_off(job)


def replaced(job: Job) -> Story:
    """It is in another room than was reported."""
    job.report(photos=0)
    yield job.later(job.character.desk)
    job.accept()
    yield job.later(7)
    job.replace()
    yield job.later(5)
    job.assign()
    yield from repaired(job)
    yield from signed_off(job)


def raised(job: Job) -> Story:
    """The reporter says why it cannot wait."""
    job.report()
    yield job.later(12)
    if job.stands_in("reported"):
        job.raise_priority()
    yield job.later(job.character.desk)
    job.accept()
    yield job.later(5)
    job.assign()
    yield from repaired(job)
    yield from signed_off(job)


def given_time(job: Job) -> Story:
    """A part must be fetched; the head of logistics grants more time."""
    yield from to_the_technician(job)
    yield job.later(job.character.way)
    job.arrive()
    yield job.later(20)
    job.ask_time()
    yield job.later(50)
    job.grant_time()
    yield job.later(400)
    job.finish()
    yield from signed_off(job)


def refused_time(job: Job) -> Story:
    """More time is asked and not given."""
    yield from to_the_technician(job)
    yield job.later(job.character.way)
    job.ask_time()
    yield job.later(40)
    job.refuse_time()
    yield from repaired(job)
    yield from signed_off(job)


def talked_over(job: Job) -> Story:
    """Reporter and technician agree on a time."""
    yield from to_the_technician(job)
    yield job.later(15)
    job.comment()
    yield job.later(25)
    job.comment(by=job.technician)
    yield from repaired(job)
    yield from signed_off(job)


def forgotten(job: Job) -> Story:
    """Nobody looks at it until a head urges."""
    job.report()
    due = job.ticket.due_at
    assert due is not None
    yield job.district.hours.awake(due + timedelta(minutes=job.chance.around(100)))
    job.nudge(job.school.holder("principal"))
    yield job.later(25)
    job.accept(late=True)
    yield job.later(10)
    job.assign()
    yield from repaired(job)
    yield from signed_off(job)


def came_again(job: Job) -> Story:
    """Repaired and signed off, and two days later broken again: the same ticket goes on."""
    yield from usual(job)
    yield job.later(900)
    if job.stands_in("closed"):
        job.reopen()
        yield from repaired(job)
        yield from signed_off(job)


def doubled(job: Job) -> Story:
    """A colleague reports the same thing; the desk merges the two."""
    job.report()
    yield job.later(7)
    again = job.told_by(next(one for one in job.school.posts["teacher"] if one != job.opener))
    again.report(photos=0)
    yield job.later(job.character.desk)
    again.merge_into(job.ticket.number)
    job.accept()
    yield job.later(6)
    job.assign()
    yield from repaired(job)
    yield from signed_off(job)


def agreed(job: Job) -> Story:
    """The technician agrees on a time with the reporter, and somebody gives a hand."""
    yield from to_the_technician(job)
    yield job.later(20)
    job.plan_visit()
    helper = other_technician(job)
    if helper != job.technician:
        job.call_help(helper)
    yield from repaired(job)
    yield from signed_off(job)


def to_the_technician(job: Job) -> Story:
    """Reported, answered and dispatched."""
    job.report()
    yield job.later(job.character.desk)
    job.accept()
    yield job.later(job.character.desk * 0.4)
    job.assign()


def waited(job: Job) -> Story:
    """Materials are asked for on site; the job waits for them, and goes on by itself."""
    yield from to_the_technician(job)
    yield from waiting(job)
    if job.stands_in("finished"):
        yield from signed_off(job)


def repaired(job: Job) -> Story:
    """On site, and repaired."""
    yield job.later(job.character.way)
    job.arrive()
    yield job.later(job.character.work)
    job.finish()


def signed_off(job: Job) -> Story:
    """The reporter looks at it, unless the clock was faster."""
    yield job.later(200)
    if job.stands_in("finished"):
        job.confirm()


def other_technician(job: Job) -> str:
    """A second technician where there is one; the contractor in town; else the same again."""
    town = job.district.person("dingdayong").username
    others = [one for one in job.school.posts["technician"] if one != job.technician]
    near = [town] if job.school.plan["town"] == "柳溪镇" else []
    return next(iter([*others, *near]), job.technician)


# Of fifty tickets, so many go each way.
DECK: tuple[Plot, ...] = (
    *[usual] * 15, came_again, came_again, doubled, agreed, *[silent] * 6, *[sent_back] * 4, *[phoned] * 3, *[on_paper] * 2, *[rejected] * 2, *[withdrawn] * 2,
    *[returned] * 2, *[reassigned] * 1, *[reclassified] * 2, *[replaced] * 1, *[raised] * 1, *[given_time] * 2,
    refused_time, talked_over, forgotten, *[waited] * 4,
)  # fmt: skip
