"""Photos and files in forms: the cleaned value is a list of the person's own waiting pieces; `attach` comes later."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import ErrorList
from django.http import HttpRequest, QueryDict

from portal import clock
from portal.errors import BadInput
from portal.wire.rows import LINE, RowsField

from .actions import GONE, PAGES, PHOTO, parse_ids, take_in_all, waiting
from .models import Piece, PieceKind
from .who import Bearer

_ACCEPT = {
    PieceKind.PHOTO.value: "image/*",
    PieceKind.DOCUMENT.value: ".pdf,.docx,.xlsx",
    PAGES: ".pdf,application/pdf",
}
_CALLED = {PieceKind.PHOTO: ("张", "照片"), PieceKind.DOCUMENT: ("个", "文件")}


class EvidenceInput(forms.Widget):
    """What was uploaded already, each with a tick to keep it, and a file chooser for more; works without script."""

    template_name = "components/photos.html"
    needs_multipart_form = True
    use_fieldset = True
    needs_multipart_form = True
    by: Bearer | None = None
    kinds: Sequence[str] = PHOTO
    max_count = 9

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds the living ones among the pieces named so far: a dead one would show as a broken picture."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"] |= {
            "pieces": own_waiting(ids_in(value), by=self.by)[0],
            "accept": ",".join(_ACCEPT[kind] for kind in self.kinds),
            "kinds": ",".join(self.kinds),
            "photos": PieceKind.PHOTO in self.kinds,
            "pages": PAGES in self.kinds,
            "max_count": self.max_count,
        }
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The ids, from a form's repeated inputs or a program's list."""
        return data.getlist(name) if isinstance(data, QueryDict) else data.get(name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Unticking the last piece sends nothing, which is an answer."""
        return False

    def use_required_attribute(self, initial: Any) -> bool:
        """The chooser may be empty when pieces are there already."""
        return False

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The label belongs to the chooser."""
        return id_


class BlindInput(EvidenceInput):
    """Photos of somebody no page may show them to: how many were taken in, and the chooser."""

    template_name = "components/blind_photos.html"


class EvidenceField(forms.Field):
    """A list of ids of the person's own waiting uploads; cleaned, a list of `Piece`. Bind it to who fills the form."""

    widget = EvidenceInput

    def __init__(self, *, min_count: int = 0, max_count: int = 9, kinds: Sequence[str] = PHOTO, **options: Any) -> None:
        options.setdefault("required", min_count > 0)
        super().__init__(**options)
        self.min_count, self.max_count, self.kinds = min_count, max_count, kinds
        self.by: Bearer | None = None
        self._tell_widget()

    def __deepcopy__(self, memo: dict[int, Any]) -> "EvidenceField":
        copied: EvidenceField = super().__deepcopy__(memo)
        copied._tell_widget()
        return copied

    def bind(self, by: Bearer | None, *, needed: bool = False) -> None:
        """Says who fills in the form, and whether this step cannot be taken without at least one."""
        self.by = by
        if needed:
            self.required, self.min_count = True, max(1, self.min_count)
        self._tell_widget()

    def clean(self, value: Any) -> list[Piece]:
        """The pieces in the order given; refused: too few, too many, or any that is not this person's to attach now."""
        ids = ids_in(value)
        measure, noun = _CALLED[PieceKind(self.kinds[0])]
        least = max(self.min_count, int(self.required))
        if len(ids) < least:
            raise ValidationError(f"请至少上传 {least} {measure}{noun}。", code="required")
        if len(ids) > self.max_count:
            raise ValidationError(f"最多 {self.max_count} {measure}{noun}，请去掉几{measure}。", code="max_count")
        pieces, missing = own_waiting(ids, by=self.by)
        if missing or any(piece.kind not in self.kinds for piece in pieces):
            raise ValidationError(f"{GONE}。", code="gone")
        return pieces

    def _tell_widget(self) -> None:
        if isinstance(self.widget, EvidenceInput):
            self.widget.by, self.widget.kinds, self.widget.max_count = self.by, self.kinds, self.max_count


def ids_in(value: Any) -> list[str]:
    """The ids in a form's or a program's value, each once: a list, one alone, pieces themselves, or nothing."""
    many = value if isinstance(value, list | tuple) else [value]
    named = [str(one.pk) if isinstance(one, Piece) else str(one).strip() for one in many if one is not None]
    return list(dict.fromkeys(one for one in named if one))


def own_waiting(ids: Iterable[str], *, by: Bearer | None) -> tuple[list[Piece], int]:
    """The person's own waiting pieces among these ids, in their order, and how many ids were something else."""
    wanted, bad = [], 0
    for one in ids:
        try:
            wanted += parse_ids([one])
        except BadInput:
            bad += 1
    if not wanted:
        return [], bad
    found = {piece.pk: piece for piece in Piece.objects.filter(waiting(by, at=clock.now()), pk__in=wanted)}
    return [found[one] for one in wanted if one in found], bad + len(wanted) - len(found)


def collect(
    request: HttpRequest, *, by: Bearer | None, fields: Mapping[str, forms.Field] | None = None, mark: str = ""
) -> tuple[QueryDict, dict[str, list[str]]]:
    """Takes in every file sent with a form and names the new pieces in a copy of what was typed.

    Gives that copy and, by field, a sentence for each file refused, so that a good photo and typed words survive both.
    With `fields` (a form's `base_fields`) only its evidence fields take files, of the kinds they ask for.
    """
    data, errors = request.POST.copy(), {}
    for name in request.FILES:
        field = _asked(name, fields) if fields is not None else EvidenceField()
        if not isinstance(field, EvidenceField):
            continue
        ids, refused = _taken(request.FILES.getlist(name), by=by, field=field, mark=mark)
        data.setlist(name, [*data.getlist(name), *ids])
        if refused:
            errors[name] = refused
    return data, errors


def _asked(name: str, fields: Mapping[str, forms.Field]) -> forms.Field | None:
    """The field of this name; `items-0-photos` is a field of the lines in `items`."""
    line = LINE.fullmatch(name)
    rows = fields.get(line["rows"]) if line else None
    if line is not None and isinstance(rows, RowsField):
        return rows.row.base_fields.get(line["field"])
    return fields.get(name)


def contents(request: HttpRequest) -> dict[str, list[str]]:
    """The digests of the files sent, by field: two equal submissions have equal contents, though never equal ids."""
    return {name: [_digest(file) for file in request.FILES.getlist(name)] for name in sorted(request.FILES)}


def _digest(file: UploadedFile) -> str:
    seen = hashlib.sha256()
    for block in file.chunks():
        seen.update(block)
    return seen.hexdigest()


def add_errors(form: forms.BaseForm, errors: Mapping[str, Sequence[str]]) -> None:
    """Puts what `collect` refused beside the fields of a form, before anything the form itself says about them."""
    for name, sentences in errors.items():
        line = LINE.fullmatch(name)
        name = line["rows"] if line and name not in form.fields else name
        said = form.errors.pop(name, ErrorList())
        for sentence in [*sentences, *said]:
            form.add_error(name, sentence)


def filled_in(request: HttpRequest, form_class: Any, *, by: Bearer, **more: Any) -> Any:
    """A form of somebody (its `by`) as typed, photos sent along taken in; what was refused of them stands beside the field."""
    if request.method != "POST":
        return form_class(None, by=by, **more)
    data, spoiled = collect(request, by=by, fields=form_class.base_fields)
    form = form_class(data, by=by, **more)
    add_errors(form, spoiled)
    return form


def _taken(
    files: Iterable[UploadedFile], *, by: Bearer | None, field: EvidenceField, mark: str
) -> tuple[list[str], list[str]]:
    """New ids, and a sentence for each file refused; one bad file does not cost the others."""
    ids, refused = [], []
    for file in files:
        try:
            ids += [str(one.pk) for one in take_in_all(file, by=by, kinds=field.kinds, mark=mark)]
        except BadInput as no:  # one file's refusal is one sentence beside the field; the form goes on
            refused.append(f"{file.name}：{no.sentence}" if file.name else no.sentence)
    return ids, refused
