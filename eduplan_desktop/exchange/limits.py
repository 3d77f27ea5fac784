"""How much of a foreign file is read, and what a reading process may use (invariant 5).

Numbers are choices, not measurements of anything: they leave a 50,000-row ledger of 30 columns far inside, and a PC with 4 GB
usable while a hostile file is being refused.
"""

from dataclasses import dataclass
from typing import Final

MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """file/text_file: bytes of a workbook or text file; cells, rows, columns: of one sheet; seconds: of the reading process.

    memory: bytes of address space of the reading process: `memory_base` plus `memory_per_byte` of the file, up to `memory_top`.
    """

    file: int = 128 * MIB
    text_file: int = 64 * MIB
    cells: int = 4_000_000
    rows: int = 200_000
    columns: int = 2_000
    sheets: int = 1_000
    seconds: float = 60.0
    memory_base: int = 224 * MIB
    memory_per_byte: int = 60
    memory_top: int = 1536 * MIB

    def memory(self, size: int) -> int:
        """Address space for a reading process of a file of `size` bytes."""
        return min(self.memory_top, self.memory_base + self.memory_per_byte * size)


STANDARD: Final = Limits()
