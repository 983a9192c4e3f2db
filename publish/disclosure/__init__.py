"""Disclosure control: what may be shown of figures that persons stand behind (docs/privacy.md, ADR 13).

control decides it, hushing takes the rest of a publication along. A figure is hidden because too few stand behind it
(limits.yaml), or because others would give such a figure away (system, bounds, companions); a small change of a figure
that was shown waits (moves).
"""
