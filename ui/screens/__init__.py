"""Hand-written pages. `ui/places.py` names them; they are imported when first shown."""
