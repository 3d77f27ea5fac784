"""A hard kill at every SQL statement of every act that writes: the file is as before or as after, sound, and its journal agrees."""

import json
import subprocess
import sys
from typing import Any

from tests.core.crashes import KILLED, SCENARIOS
from tests.proof import ROOT, Context, Result

NAME = "kills at every statement"


def run(context: Context) -> Result:
    """All statements of all scenarios, one after the other."""
    tried = held = 0
    bad: list[str] = []
    for name, scenario in SCENARIOS.items():
        folder = context.folder / name
        folder.mkdir()
        lines = _kill(context, name)
        allowed = {lines[0]["before"]["state"], lines[0]["after"]["state"], "none"}
        tried += lines[0]["total"]
        for line in lines[1:]:
            if not line["wrong"] and line["code"] == KILLED and (scenario.several or line["state"] in allowed):
                held += 1
            else:
                bad.append(f"{name} {line['k']}: {line['wrong'] or line['state']}")
        context.say(f"{name}: {lines[0]['total']} statements")
    note = f"{len(SCENARIOS)} acts: {', '.join(SCENARIOS)}"
    return Result(tried, held, "; ".join([note, *bad[:5]]) if bad else note)


def _kill(context: Context, name: str) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "tests.core.crashes", str(context.folder / name), name, "all"]
    done = subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=context.left(), check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]
