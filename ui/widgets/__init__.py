"""The parts a page is built of. Each paints itself from `ui.theme`; import from the submodules."""
