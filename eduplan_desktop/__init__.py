"""EduPlan Desktop: school ledgers, safety checks and health records, carried to the county in sealed bundles. No Qt here."""

__version__ = "1.0.0"
