"""What a form's values mean to a case: which become columns, which go into the chain, which stay beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.forms import CharField

from portal.evidence.fields import EvidenceField
from portal.evidence.models import Piece
from portal.wire.rows import RowsField

from .discretion import placed
from .flow import Step
from .forms import StepForm
from .models import Case, Words


@dataclass
class Said:
    """What a form's clean values mean to the case: columns, facts for the chain, words beside it, photos."""

    columns: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    words: list[Words] = field(default_factory=list)
    photos: dict[str, list[Piece]] = field(default_factory=dict)
    carried: list[Piece] = field(default_factory=list)

    @classmethod
    def in_form(cls, form: StepForm, sets: tuple[str, ...]) -> "Said":
        """Sorts a valid form's values."""
        said = cls(carried=form.carried)
        for name, kind in form.fields.items():
            value = form.cleaned_data.get(name)
            if value in (None, "", [], ()):
                continue
            if isinstance(kind, EvidenceField):
                said.photos[name] = list(value)
            elif isinstance(kind, RowsField):
                said.facts[name] = kind.facts(value)
            elif isinstance(kind, CharField) and isinstance(value, str):  # whatever is typed freely may be erased
                said.words.append(Words.said(name, value))
            else:
                said.facts[name] = value
            if name in sets:
                said.columns[name] = value
        return said

    @classmethod
    def at_step(cls, case: Case, step: Step, form: StepForm) -> "Said":
        """What a step's form says: nothing where it opens another case, which keeps it; the room of a discreet case apart."""
        said = cls() if step.opens else cls.in_form(form, step.sets)
        if case.discreet and "unit" in said.columns:
            said.confide(placed(said.columns["unit"], discreet=True))
        return said

    def confide(self, where: Mapping[str, Any]) -> None:
        """Keeps a discreet case's room out of the chain, but for the digest of its name."""
        if "spot" in where:
            self.words.append(Words.said("spot", where["spot"].place))
            self.columns |= {
                name: place for name, place in where.items() if name in self.columns or "unit" in self.columns
            }
            self.facts["unit"] = where["unit"]

    def chained(self) -> dict[str, Any]:
        """What goes into the chain: facts, digests of the words, digests of the photos."""
        facts = dict(self.facts)
        if self.words:
            facts["words"] = {one.name: one.digest for one in self.words}
        if self.photos:
            facts["photos"] = {name: [one.sha256 for one in pieces] for name, pieces in self.photos.items()}
        if self.carried:
            facts["photos"] = facts.get("photos", {}) | {"carried": [one.sha256 for one in self.carried]}
        covered = {one.sha256: len(one.covered) for pieces in self.photos.values() for one in pieces if one.covered}
        return facts | ({"covered": covered} if covered else {})
