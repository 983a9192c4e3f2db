"""Airflow on this machine: the environment that it runs in, its database, its four processes."""
