"""Registers: frozen declarations of what is recorded, their kinds of value, code tables and checks."""
