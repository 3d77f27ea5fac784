"""Where things are: the navigation of a school file, of a county file, and without a file. Screens are named, not imported.

`screen` is `module:Class`, imported when first shown; `argument` is handed to it (a register name for the register screen).
A register that stands in no group of its side is added under 其他登记册, so a register a kit brings is never out of reach.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from eduplan_desktop.i18n import N_
from eduplan_desktop.registers.model import Register

REGISTER_SCREEN: Final = "ui.register_screen:RegisterScreen"
PLAIN_TABLE: Final = "ui.screens.plain_table:PlainTableScreen"
"""The same for a register that has a page of its own; it has no line in the navigation."""


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the navigation. A group without `screen` opens its first child. `pinned`: at the foot; `hidden`: no line."""

    id: str
    label: str
    screen: str = ""
    icon: str = ""
    argument: str = ""
    children: tuple["Place", ...] = ()
    pinned: bool = False
    hidden: bool = False
    key: str = ""


def _register(name: str, label: str) -> Place:
    return Place(name, label, REGISTER_SCREEN, argument=name)


START: Final = (
    Place("start", N_("开始"), "ui.screens.start:StartScreen", "home"),
    Place("manual", N_("使用说明"), "ui.screens.manual:ManualScreen", "help"),
    Place("new_county", N_("新建县级文件"), "ui.screens.new_county:NewCountyScreen", hidden=True),
)

SCHOOL: Final = (
    Place("today", N_("今日"), "ui.screens.today:TodayScreen", "home"),
    Place(
        "assets",
        N_("设备资产"),
        icon="box",
        children=(_register("equipment", N_("设备台账")), _register("equipment_change", N_("设备变动"))),
    ),
    Place(
        "safety",
        N_("校园安全"),
        icon="shield",
        children=(
            Place("daily_check", N_("每日检查"), "ui.screens.daily_check:DailyCheckScreen"),
            Place("safety_check", N_("每日检查"), PLAIN_TABLE, argument="safety_check", hidden=True),
            Place("hazard", N_("隐患台账"), "ui.screens.hazards:HazardScreen"),
            Place("hazard_table", N_("隐患台账"), PLAIN_TABLE, argument="hazard", hidden=True),
            _register("drill", N_("应急演练")),
        ),
    ),
    Place(
        "people",
        N_("教师队伍"),
        icon="people",
        children=(
            _register("staff", N_("教职工")),
            Place("checkup", N_("教师体检"), "ui.screens.checkup:CheckupScreen"),
            Place("checkup_table", N_("教师体检"), PLAIN_TABLE, argument="checkup", hidden=True),
            _register("health_consent", N_("体检单独同意")),
        ),
    ),
    Place(
        "balance",
        N_("学校基础"),
        icon="scale",
        children=(
            _register("school", N_("学校概况")),
            _register("school_year", N_("均衡数据")),
            _register("room", N_("房间")),
        ),
    ),
    Place(
        "reporting",
        N_("报送"),
        icon="upload",
        children=(
            Place("submit", N_("生成上报包"), "ui.screens.submit_screen:SubmitScreen"),
            Place("problems", N_("问题清单"), "ui.screens.problems:ProblemsScreen"),
            Place("receipts", N_("回执与退回"), "ui.screens.receipts:ReceiptsScreen"),
            Place("join", N_("入网与配置包"), "ui.screens.join_screen:JoinScreen"),
        ),
    ),
    Place("import", N_("导入"), "ui.screens.import_screen:ImportScreen", hidden=True),
    Place("settings", N_("设置"), "ui.screens.settings:SettingsScreen", "settings", pinned=True),
)

COUNTY_TABLES: Final = "ui.screens.county_tables:TablesScreen"


def _tables(id_: str, label: str, *registers: str) -> Place:
    return Place(id_, label, COUNTY_TABLES, argument=",".join(registers))


COUNTY: Final[tuple[Place, ...]] = (
    Place("county_home", N_("总览"), "ui.screens.county_overview:OverviewScreen", "home"),
    Place(
        "county_in",
        N_("收包"),
        icon="inbox",
        children=(
            Place("county_take_in", N_("收取数据包"), "ui.screens.county_take_in:TakeInScreen"),
            Place("county_roster", N_("学校与密钥"), "ui.screens.county_roster:RosterScreen"),
            Place("county_receipts", N_("退回与回执"), "ui.screens.county_receipts:ReceiptsScreen"),
        ),
    ),
    Place(
        "county_check",
        N_("核对"),
        icon="grid",
        children=(
            Place("county_board", N_("完整性看板"), "ui.screens.county_board:BoardScreen"),
            Place("county_work", N_("核对清单"), "ui.screens.county_work:WorkScreen"),
        ),
    ),
    Place(
        "county_all",
        N_("全县台账"),
        icon="table",
        children=(
            _tables("county_assets", N_("设备资产"), "equipment", "equipment_change", "room"),
            _tables("county_safety", N_("安全与隐患"), "hazard", "safety_check", "drill"),
            _tables("county_people", N_("教师与学校"), "staff", "school", "school_year"),
            Place("county_health", N_("健康统计"), "ui.screens.county_health:HealthScreen"),
        ),
    ),
    Place("county_indicators", N_("均衡指标"), "ui.screens.county_indicators:IndicatorsScreen", "chart"),
    Place(
        "county_give",
        N_("下发"),
        icon="upload",
        children=(
            Place("county_calendar", N_("报送日历"), "ui.screens.county_calendar:CalendarScreen"),
            Place("county_catalogs", N_("目录与口径"), "ui.screens.county_catalogs:CatalogsScreen"),
            Place("county_kit", N_("县配置包"), "ui.screens.county_kit:KitScreen"),
        ),
    ),
    Place("county_enrol", N_("核准入网"), "ui.screens.county_enrol:EnrolScreen", hidden=True),
    Place("county_policy", N_("确认口径"), "ui.screens.county_policy:PolicyScreen", hidden=True),
    Place("county_year", N_("年度结账"), "ui.screens.county_year:YearScreen", hidden=True),
    Place("county_keys", N_("密钥与恢复单"), "ui.screens.county_keys:KeysScreen", "key", pinned=True),
)

OTHER: Final = Place("other", N_("其他登记册"), icon="list")


def flat(places: Iterable[Place]) -> Iterator[Place]:
    """All places with a page, in order."""
    for place in places:
        if place.screen:
            yield place
        yield from flat(place.children)


def of_side(side: str, registers: Iterable[Register]) -> tuple[Place, ...]:
    """The navigation of a side: '' (no file), 'school' or 'county'."""
    if not side:
        return START
    if side != "school":
        return COUNTY
    known = {r.name: r for r in registers}
    kept = [_kept(place, known) for place in SCHOOL]
    named = {p.argument for p in flat(SCHOOL)}
    extra = tuple(_register(name, r.label) for name, r in known.items() if name not in named)
    places = [p for p in kept if p.screen or p.children]
    return (*places, replace(OTHER, children=extra)) if extra else tuple(places)


def _kept(place: Place, known: dict[str, Register]) -> Place:
    """The place without children for registers this file does not have."""
    children = tuple(c for c in place.children if c.screen != REGISTER_SCREEN or c.argument in known)
    return replace(place, children=children)
