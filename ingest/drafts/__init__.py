"""A first descriptor for a file that no source describes yet, for a person to edit. It holds no cell of a person."""
