"""Nights that are killed at any moment: what is lost, what readers see, what the next night makes of it."""
