"""Merging a verified bundle into the county file: a pure plan, then one transaction."""
