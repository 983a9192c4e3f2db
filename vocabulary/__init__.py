"""The closed word lists of the house: states, reasons, flags, errors, settings. Imports nothing of ours."""
