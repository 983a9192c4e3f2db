"""Apache Superset for a publication: dashboards as code, and what starts a server that has them."""
