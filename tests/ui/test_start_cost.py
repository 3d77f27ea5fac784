"""What opening a file in the window may load: the first page and no more."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_AT_START = ("reportlab", "PIL", "xlsxwriter", "python_calamine", "cryptography", "pyrage", "qrcode", "sqlite_utils")
OWN_MODULES = 112
"""Our modules on the first page of a school; each costs a third of a millisecond and more."""
QT_BEFORE = 40
"""Of the core at least so many modules are there before Qt is, because PySide reads the source of each later one."""

OPEN = """
import sys
from pathlib import Path
from eduplan_desktop.environment import Environment
from ui.app import make_application, make_window

class Watch:
    before = None
    def find_spec(self, name, path=None, target=None):
        if name == "PySide6.QtWidgets":
            Watch.before = len([m for m in sys.modules if m.startswith("eduplan_desktop")])

sys.meta_path.insert(0, Watch())
application = make_application([])
window = make_window(sys.argv[1], Environment(home=Path(sys.argv[2])))
window.show()
application.processEvents()
assert window.side == "school", window.side
import gc
assert gc.isenabled()
print(Watch.before)
print(" ".join(sys.modules))
sys.stdout.flush()
import os
os._exit(0)
"""


def test_opening_a_file_loads_the_first_page_and_no_more(school_file: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OPEN, str(school_file), str(tmp_path / "home")],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    before, names = done.stdout.splitlines()
    loaded = names.split()
    assert not [name for name in loaded if name.split(".")[0] in NOT_AT_START]
    own = [name for name in loaded if name.split(".")[0] in ("eduplan_desktop", "ui")]
    assert len(own) <= OWN_MODULES, sorted(own)
    assert int(before) >= QT_BEFORE
