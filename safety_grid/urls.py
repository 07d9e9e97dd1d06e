"""Addresses of the safety grid."""

from django.urls import path

from .views import board, cells, drills, duty, gaps, grid, hazards, paper, plans, rounds, sheets

app_name = "safety_grid"
urlpatterns = [
    path("", grid.grid, name="grid"),
    path("board/", paper.board, name="board"),
    path("cards/", paper.cards, name="cards"),
    path("gaps/", gaps.gaps, name="gaps"),
    path("cells/template.xlsx", sheets.template, name="cells-template"),
    path("cells/export.xlsx", sheets.export, name="cells-export"),
    path("cells/import/", sheets.bring_in, name="cells-import"),
    path("cells/add/", cells.add, name="cell-add"),
    path("cells/<int:pk>/", grid.cell, name="cell"),
    path("cells/<int:pk>/edit/", cells.edit, name="cell-edit"),
    path("cells/<int:pk>/close/", cells.close, name="cell-close"),
    path("cells/<int:pk>/hold/", cells.hold, name="cell-hold"),
    path("holdings/<int:pk>/release/", cells.release, name="holding-release"),
    path("holdings/<int:pk>/substitute/", cells.substitute, name="holding-substitute"),
    path("hazards/", hazards.hazards, name="hazards"),
    path("report/", hazards.report, name="report"),
    path("supervised/", board.supervised, name="supervised"),
    path("visit/<str:code>/", hazards.visit, name="visit"),
    path("rounds/", rounds.rounds, name="rounds"),
    path("plans/", plans.plans, name="plans"),
    path("plans/add/", plans.add, name="plan-add"),
    path("plans/adopt/", plans.adopt, name="plan-adopt"),
    path("plans/<int:pk>/", plans.edit, name="plan"),
    path("duty/", duty.duty, name="duty"),
    path("duty/sign-in/", duty.sign_in, name="sign-in"),
    path("duty/<int:pk>/<str:day>/", duty.correct, name="duty-correct"),
    path("drills/", drills.drills, name="drills"),
    path("drills/plan/", drills.plan, name="drill-plan"),
    path("drills/<str:number>/compare/", drills.compare, name="drill-compare"),
]
