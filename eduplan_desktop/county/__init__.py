"""What the county does beyond merging: roster, calendar, board, worklists, indicators, years, returns."""
