"""Speed and memory, always as a ratio to an honest baseline measured in the same run. See bench/run.py."""
