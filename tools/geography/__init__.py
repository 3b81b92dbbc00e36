"""Makes the small geography files of `backend/geo/data` from Ordnance Survey's Code-Point Open."""
