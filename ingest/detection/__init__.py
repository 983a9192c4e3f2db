"""How a text file that nobody declared is to be read: encoding, dialect, records, headings. For `peek` alone."""
