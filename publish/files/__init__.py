"""Files of a publication for analysts: a workbook per year, and CSV that a Danish Excel opens right."""
