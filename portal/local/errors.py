"""Why the portal cannot start on this machine, in one sentence for the developer at the console."""


class CannotStart(Exception):
    """The sentence says what is in the way and what to do about it; nothing is left running."""
