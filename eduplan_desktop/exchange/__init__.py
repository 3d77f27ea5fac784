"""Spreadsheets in and out. Knows registers, never the store."""
