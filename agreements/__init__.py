"""WHAT was promised: one YAML file per delaftale, areas with their aliases, models and loader."""
