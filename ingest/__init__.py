"""FILES IN: delivered file -> raw Parquet with kept columns as text; the rest -> quarantine with a reason.

Personal data stops here: nothing that leaves this package holds a name, a CPR number or a note.
"""
