"""Opening, making and restoring data files, with the questions that go with it. Each fault of the world has its own answer."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from eduplan_desktop.errors import EduPlanError, StoreError
from eduplan_desktop.i18n import _
from ui.messages import Answer
from ui.recent import RecentFile, note_file

if TYPE_CHECKING:
    from ui.main_window import MainWindow

SUFFIX: Final = ".eduplan"


def _filters() -> str:
    return _("学校文件或县级文件") + f" (*{SUFFIX})"


class Opening:
    """How a file comes into the window."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window

    def choose(self) -> bool:
        """Ask for a file and open it."""
        path = self._window.messages.open_file(_("打开文件"), _filters())
        return bool(path) and self.open_path(path)

    def open_path(self, path: str) -> bool:
        """Open a file in place of the one that is open."""
        from eduplan_desktop.workspace import open_workspace

        place = Path(path)
        try:
            workspace = open_workspace(place, self._window.env)
        except StoreError as fault:
            if fault.code == "removable":
                return self._from_stick(place, fault)
            self._window.messages.fault(fault, _("这个文件打不开"))
            return False
        except EduPlanError as fault:
            self._window.messages.fault(fault, _("这个文件打不开"))
            return False
        return self.take(workspace)

    def take(self, workspace: Any) -> bool:
        """Show a workspace and remember its file."""
        if not self._window.adopt(workspace):
            return False
        self.note(workspace)
        return True

    def note(self, workspace: Any) -> None:
        """Put the file of a workspace on top of the list of recent ones."""
        when = self._window.env.now().astimezone().strftime("%Y-%m-%d %H:%M")
        kept = RecentFile(str(workspace.path), workspace.title, workspace.kind, when)
        note_file(self._window.memory, kept)

    def _from_stick(self, place: Path, fault: StoreError) -> bool:
        """A file on a stick or a network drive is read, or copied to this PC and then opened."""
        verb = self._window.messages.ask(
            _("文件在 U 盘或网络盘上"),
            fault.message,
            [Answer("copy", _("复制到本机再打开")), Answer("read", _("只读打开"))],
            detail=_("U 盘随时可能被拔下，直接在上面填写会丢数据。复制后请以本机的文件为准。"),
        )
        if verb == "read":
            return self._read_only(place)
        if verb != "copy":
            return False
        to = self._window.messages.save_file(_("复制到哪里"), place.name, _filters())
        return bool(to) and self._restored(place, Path(to), "move")

    def _read_only(self, place: Path) -> bool:
        from eduplan_desktop.workspace import open_workspace

        try:
            return self.take(open_workspace(place, self._window.env, read_only=True))
        except EduPlanError as fault:
            self._window.messages.fault(fault, _("这个文件打不开"))
            return False

    def new_school(self) -> bool:
        """Ask for a name and a place, make a school file and open it."""
        messages = self._window.messages
        name = messages.ask_text(
            _("新建学校文件"),
            _("写学校的全称，和公章上的一样。以后可以在“学校概况”里改。"),
            _("选择保存的位置"),
            label=_("学校名称"),
        )
        if not name or not name.strip():
            return False
        path = messages.save_file(_("学校文件保存在哪里"), name.strip() + SUFFIX, _filters())
        return bool(path) and self._made(Path(path), name.strip())

    def _made(self, path: Path, name: str) -> bool:
        from eduplan_desktop.workspace import new_school

        if path.suffix != SUFFIX:
            path = path.with_name(path.name + SUFFIX)
        try:
            return self.take(new_school(path, name=name, code="", env=self._window.env))
        except EduPlanError as fault:
            self._window.messages.fault(fault, _("没有建成"))
            return False

    def restore(self) -> bool:
        """Ask which backup, what for, and where to; restore and open it."""
        messages = self._window.messages
        source = messages.open_file(_("选择备份文件"), _filters())
        if not source:
            return False
        verb = messages.ask(
            _("为什么要恢复？"),
            _("备份文件：{name}").format(name=Path(source).name),
            [
                Answer("restore", _("原文件坏了或丢了，用备份代替")),
                Answer("move", _("换了一台电脑")),
                Answer("copy", _("只要一份副本来看")),
            ],
            detail=_(
                "代替和换电脑保留文件的身份，接着报送；副本是一个新文件，不能代替原文件报送。原来的文件不会被改动。"
            ),
        )
        if not verb:
            return False
        to = messages.save_file(_("恢复到哪里"), Path(source).name, _filters())
        return bool(to) and self._restored(Path(source), Path(to), verb)

    def _restored(self, source: Path, to: Path, as_: str) -> bool:
        from eduplan_desktop.acts.files import restore_from
        from eduplan_desktop.workspace import Workspace

        try:
            return self.take(Workspace(restore_from(source, to, self._window.env, as_)))
        except EduPlanError as fault:
            self._window.messages.fault(fault, _("没有恢复成"))
            return False
