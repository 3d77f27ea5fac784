"""The repository itself: what is promised about its files, its set-up and its imports."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from installer import check_budgets, debian, fingerprint

ROOT = Path(__file__).resolve().parents[2]
TEXT_SUFFIXES = {".py", ".md", ".toml", ".txt", ".csv", ".json", ".po", ".cfg", ".ini", ".sh", ".svg", ".qss", ""}
HOSTS = ("pypi." + "org", "pythonhosted." + "org", "npmjs." + "org", "npmjs." + "com", "deb.debian." + "org")
PRIVATE = ("/work/" + "shared", "/work/" + "main", "/root/" + ".pyenv", "artifact-" + "registry")
UNFINISHED = re.compile(r"#.*\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
LOCKS = ("requirements.txt", "requirements-dev.txt")


def texts() -> list[tuple[str, str]]:
    """Name and content of every text file git keeps."""
    found = []
    for path in fingerprint.repository_files(ROOT):
        if path.suffix in TEXT_SUFFIXES and path.stat().st_size < 2_000_000:
            try:
                found.append((str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")))
            except UnicodeDecodeError:
                assert path.suffix in {"", ".txt", ".csv"}, f"{path} is not UTF-8"
    return found


def product_modules() -> list[str]:
    """Dotted names of every module of the core."""
    names = []
    for path in sorted((ROOT / "eduplan_desktop").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


def test_no_host_of_a_registry_and_no_private_path_is_named():
    """Locks and scripts work with whatever registry a machine has; nobody's folders are in the files."""
    for name, text in texts():
        for word in (*HOSTS, *PRIVATE):
            assert word not in text, f"{name} names {word}"


def test_nothing_is_left_unfinished():
    for name, text in texts():
        if name.endswith(".py"):
            assert not UNFINISHED.search(text), f"{name}: {UNFINISHED.search(text)}"


def test_every_module_says_what_it_is_for():
    for name, text in texts():
        if name.endswith(".py") and text.strip() and not name.endswith("__init__.py"):
            assert ast.get_docstring(ast.parse(text)), f"{name} has no docstring"


def test_tests_never_sleep():
    for name, text in texts():
        if name.startswith("tests/") and name.endswith(".py"):
            calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
            assert not [call for call in calls if ast.unparse(call.func) in {"time.sleep", "sleep"}], name


def test_links_between_documents_lead_somewhere():
    for name, text in texts():
        if name.endswith(".md"):
            for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text):
                assert (ROOT / name).parent.joinpath(link).exists(), f"{name} links to {link}"


def test_the_two_readmes_say_the_same_things():
    """Twins: as many sections, the same commands, the same links to other files."""
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
    for pattern in (r"^(#+) ", r"(?:^|`)(make [a-z]+)", r"\]\(((?!README)[^)]+)\)"):
        assert sorted(re.findall(pattern, english, re.M)) == sorted(re.findall(pattern, chinese, re.M)), pattern


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_have_hashes_and_exact_versions(lock: str):
    entries = re.split(r"\n(?=[a-z])", (ROOT / lock).read_text(encoding="utf-8"))
    packages = [entry for entry in entries if re.match(r"[a-z0-9-]+==", entry)]
    assert len(packages) > 10
    for entry in packages:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry.split()[0]


def test_locks_agree_and_hold_every_dependency():
    pinned = [dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", (ROOT / lock).read_text(), re.M)) for lock in LOCKS]
    run, dev = pinned
    assert {name: dev.get(name) for name in run} == run
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for wanted, lock_names in ((project["project"]["dependencies"], run), (project["dependency-groups"]["dev"], dev)):
        names = {re.split(r"[<>=]", requirement)[0].lower() for requirement in wanted}
        assert names <= set(lock_names)


def test_every_dependency_has_its_line_in_the_record():
    record = (ROOT / "docs" / "decisions" / "0011-dependencies.md").read_text(encoding="utf-8").lower()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for requirement in (*project["project"]["dependencies"], *project["dependency-groups"]["dev"]):
        assert re.split(r"[<>=]", requirement)[0].lower() in record, requirement


def test_the_core_loads_without_qt():
    """One process imports every module of the core and finds no Qt in it."""
    lines = ["import importlib, sys", f"for name in {product_modules()!r}: importlib.import_module(name)"]
    lines.append("sys.exit(str([name for name in sys.modules if name.startswith(('PySide6', 'shiboken6', 'ui.'))]))")
    script = "\n".join(lines)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr.strip() == "[]"


def test_starting_decides_before_it_imports():
    """`main` costs nothing: no module of the product, no Qt, no database before it knows what is wanted."""
    heavy = ("eduplan_desktop", "ui", "PySide6", "sqlite3", "json", "argparse")
    script = f"import sys, main; print([name for name in sys.modules if name.split('.')[0] in {heavy!r}])"
    done = subprocess.run([sys.executable, "-S", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "window"),
    [
        ([], True),
        (["学校.eduplan"], True),
        (["C:\\台账\\a b.eduplan"], True),
        (["check", "学校.eduplan"], False),
        (["--help"], False),
        (["demo"], False),
        (["county"], False),
    ],
)
def test_a_file_opens_the_window_and_a_command_does_not(arguments: list[str], window: bool):
    from main import wants_window

    assert wants_window(arguments) is window


def test_an_existing_file_of_any_name_opens_the_window(tmp_path: Path):
    from main import wants_window

    (tmp_path / "备份 2025").write_bytes(b"")
    assert wants_window([str(tmp_path / "备份 2025")])


def test_without_a_display_the_program_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    import main

    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    assert main.main([]) == 3
    assert "eduplan demo" in capsys.readouterr().err


def test_a_crash_report_never_shows_what_somebody_typed(capsys: pytest.CaptureFixture[str]):
    import main

    try:
        raise ValueError("110101199001011237")
    except ValueError as error:
        main.report_crash(type(error), error, error.__traceback__)
    said = capsys.readouterr().err
    assert "110101199001011237" not in said
    assert "ValueError" in said
    assert "test_repository.py" in said


def test_the_console_script_is_the_program():
    if not (ROOT / ".venv" / "bin" / "eduplan").exists():
        pytest.skip("this environment was not made by make setup")
    environment = {**os.environ, "LC_ALL": "C", "TZ": "Pacific/Chatham"}
    done = subprocess.run(
        [ROOT / ".venv" / "bin" / "eduplan", "--help"], capture_output=True, env=environment, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"eduplan" in done.stdout


def test_a_long_function_and_a_long_file_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(check_budgets, "ROOT", tmp_path)
    body = "\n".join(f"    x{number} = {number}" for number in range(61))
    (tmp_path / "long.py").write_text(f'def f():\n    """Said\n    long."""\n\n    # why\n{body}\n', encoding="utf-8")
    (tmp_path / "tall.py").write_text("\n" * 501, encoding="utf-8")
    complaints = list(check_budgets.too_long(check_budgets.measure(["long.py", "tall.py"])))
    assert len(complaints) == 2
    assert "62 lines" in complaints[1]


def test_a_missing_library_is_named_by_its_package(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(debian, "_loads", lambda library: library != "libEGL.so.1")
    monkeypatch.setattr(sys, "platform", "linux")
    assert debian.missing_libraries(desktop=True) == ["libegl1"]


def test_without_rights_nothing_is_installed_and_one_line_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(debian, "apt_prefix", lambda: None)
    answer = debian.install(["libegl1"])
    assert answer
    assert "\n" not in answer


def test_the_fingerprint_follows_content_but_not_prose(tmp_path: Path):
    (tmp_path / "a.py").write_text("a = 1\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("one\n", encoding="utf-8")
    first = fingerprint.content_fingerprint(tmp_path)
    (tmp_path / "README.md").write_text("two\n", encoding="utf-8")
    assert fingerprint.content_fingerprint(tmp_path) == first
    (tmp_path / "a.py").write_text("a = 2\n", encoding="utf-8")
    assert fingerprint.content_fingerprint(tmp_path) != first
