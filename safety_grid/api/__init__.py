"""Addresses of the safety grid for programs, beside those every flow has."""

from django.urls import path

from .cells import CellClosing, CellHolders, Cells, HoldersAt, HoldingRelease, HoldingSubstitute, OneCell
from .drills import Comparison
from .duty import Correction, DutyDay, DutyMonth, OwnDuty, SigningIn
from .gaps import CellsImport, Gaps
from .plans import Adoption, OnePlan, Plans

urlpatterns = [
    path("cells", Cells.as_view()),
    path("cells/import", CellsImport.as_view()),
    path("cells/<int:pk>", OneCell.as_view()),
    path("cells/<int:pk>/close", CellClosing.as_view()),
    path("cells/<int:pk>/holders", CellHolders.as_view()),
    path("drills/<str:number>/compare", Comparison.as_view()),
    path("duty", DutyDay.as_view()),
    path("duty/mine", OwnDuty.as_view()),
    path("duty/month", DutyMonth.as_view()),
    path("duty/sign-in", SigningIn.as_view()),
    path("duty/<int:pk>/<str:day>", Correction.as_view()),
    path("gaps", Gaps.as_view()),
    path("holders", HoldersAt.as_view()),
    path("holdings/<int:pk>/release", HoldingRelease.as_view()),
    path("holdings/<int:pk>/substitute", HoldingSubstitute.as_view()),
    path("plans", Plans.as_view()),
    path("plans/adopt", Adoption.as_view()),
    path("plans/<int:pk>", OnePlan.as_view()),
]
