"""Browsers of people who have signed in, the second factor passed where their role asks for one."""

from django.test import Client

from portal.orgs.models import User
from portal.orgs.policies import SECOND_FACTOR


def browser_of(person: User, client: Client | None = None) -> Client:
    """A browser in which this person is signed in."""
    browser = client or Client()
    browser.force_login(person)
    session = browser.session
    session[SECOND_FACTOR] = "passed"
    session.save()
    return browser
