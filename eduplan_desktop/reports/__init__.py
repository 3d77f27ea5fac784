"""Printed forms: plain data in, PDF out. Knows no store and no Qt."""
