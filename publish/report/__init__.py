"""The board's report: read from `curated` (one model), rendered as PDF, HTML and Excel, frozen as editions."""
