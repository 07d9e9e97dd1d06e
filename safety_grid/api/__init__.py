"""Addresses of the safety grid for programs, beside those every flow has."""

from django.urls import path

from .cells import CellClosing, CellHolders, Cells, HoldersAt, HoldingRelease, HoldingSubstitute, OneCell
from .gaps import CellsImport, Gaps

urlpatterns = [
    path("cells", Cells.as_view()),
    path("cells/import", CellsImport.as_view()),
    path("cells/<int:pk>", OneCell.as_view()),
    path("cells/<int:pk>/close", CellClosing.as_view()),
    path("cells/<int:pk>/holders", CellHolders.as_view()),
    path("gaps", Gaps.as_view()),
    path("holders", HoldersAt.as_view()),
    path("holdings/<int:pk>/release", HoldingRelease.as_view()),
    path("holdings/<int:pk>/substitute", HoldingSubstitute.as_view()),
]
