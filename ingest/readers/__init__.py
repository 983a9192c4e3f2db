"""One module per file format; each returns Tables of text cells and knows nothing of areas, codes or persons."""
