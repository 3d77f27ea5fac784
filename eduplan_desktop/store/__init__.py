"""One SQLite file: opening, migrations, the one write path, journal, compartments, drafts, backup."""
