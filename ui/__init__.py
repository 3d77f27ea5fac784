"""The window: Qt Widgets over `eduplan_desktop.workspace`. How a screen is written: docs/ui.md."""
