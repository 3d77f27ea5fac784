"""Row ids: UUIDv7 that only rise within a file, whatever the clock does (docs/format.md §2, decision 1)."""

from collections.abc import Callable
from typing import Final

from eduplan_desktop.registers.patterns import pattern

UUID7: Final = pattern(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_TIME_BITS: Final = 48
_TAIL_BITS: Final = 74
_STEP_BITS: Final = 32


def _parts(uuid: str) -> tuple[int, int]:
    """(milliseconds, the 74 free bits) of a UUIDv7."""
    plain = uuid.replace("-", "")
    return int(plain[:12], 16), int(plain[13:16], 16) << 62 | int(plain[16:], 16) & (1 << 62) - 1


def _text(milliseconds: int, tail: int) -> str:
    hexed = f"{milliseconds:012x}7{tail >> 62:03x}{2 << 62 | tail & (1 << 62) - 1:016x}"
    return f"{hexed[:8]}-{hexed[8:12]}-{hexed[12:16]}-{hexed[16:20]}-{hexed[20:]}"


def next_id(clock_ms: int, last: str, random: Callable[[int], bytes]) -> str:
    """The id after `last` ("" for none): time = max(clock, time of last); within one millisecond the tail rises by a random step.

    clock_ms: milliseconds since 1970, clamped to what fits. random: n random bytes.
    """
    clock = min(max(clock_ms, 0), (1 << _TIME_BITS) - 1)
    last_time, last_tail = _parts(last) if last else (-1, 0)
    if clock > last_time:
        return _text(clock, int.from_bytes(random(10), "big") & (1 << _TAIL_BITS) - 1)
    tail = last_tail + 1 + int.from_bytes(random(_STEP_BITS // 8), "big")
    if tail >> _TAIL_BITS:
        return _text(last_time + 1, int.from_bytes(random(10), "big") & (1 << _TAIL_BITS) - 1)
    return _text(last_time, tail)


def next_ids(clock_ms: int, last: str, random: Callable[[int], bytes], count: int) -> list[str]:
    """As `next_id` so many times in a row at one reading of the clock."""
    out: list[str] = []
    steps = memoryview(random(count * (_STEP_BITS // 8))).cast("I")
    time, tail = -1, 1 << _TAIL_BITS
    for step in steps:
        tail += 1 + step
        if tail >> _TAIL_BITS:
            last = next_id(clock_ms, last, random)
            time, tail = _parts(last)
        else:
            last = _text(time, tail)
        out.append(last)
    return out
