"""First-time set-up, checks and packaging. Standard library only: this runs before anything is installed."""
