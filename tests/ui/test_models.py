"""Every small list and table model keeps Qt's contract."""

from typing import Any

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from eduplan_desktop.registers.catalog import REGISTERS
from ui.main_window import MainWindow
from ui.navigation import PlaceModel
from ui.places import of_side
from ui.recent import RecentFile
from ui.results_table import ResultsModel
from ui.screens.start import RecentModel
from ui.widgets.pickers import Option, Picker


def test_the_navigation(qtbot: QtBot, qtmodeltester: Any) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    model = PlaceModel(owner)
    model.show_places(of_side("school", REGISTERS))
    qtmodeltester.check(model)


def test_recent_files(qtbot: QtBot, qtmodeltester: Any) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    model = RecentModel(owner)
    model.show_files([RecentFile("/a.eduplan", "甲"), RecentFile("/b.eduplan", "乙", "county")])
    qtmodeltester.check(model)


def test_options(qtbot: QtBot, qtmodeltester: Any) -> None:
    picker = Picker()
    qtbot.addWidget(picker)
    picker.set_options([Option("1", "一"), Option("2", "二", "二号")])
    picker.popup().options.show_options([Option("1", "一"), Option("2", "二", "二号")])
    qtmodeltester.check(picker.popup().options)


def test_results(window: MainWindow, qtmodeltester: Any) -> None:
    field = next(f for r in REGISTERS if r.name == "safety_check" for f in r.fields if f.name == "results")
    qtmodeltester.check(ResultsModel(field, window.workspace))
