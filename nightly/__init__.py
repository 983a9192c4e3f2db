"""The order of stages, the dbt runner, the run lock: what Airflow and the command line both call."""
