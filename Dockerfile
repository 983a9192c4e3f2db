# One image for all of Airflow's services; docker-compose.yml says which command each runs.
FROM python:3.12.13-slim-bookworm

# uv is for the build only: the versions of everything that runs come from uv.lock
RUN pip install --no-cache-dir --root-user-action=ignore "uv==0.13.9"
ENV UV_NO_CACHE=1 \
    UV_PYTHON_DOWNLOADS=never

# A fixed uid, so that docker-compose.yml can name it and volumes keep their owner. A new volume takes its owner and
# mode from the folder it is mounted on, hence the folders.
RUN useradd --uid 10001 --user-group --create-home omraadetal \
    && install --directory --owner=omraadetal --group=omraadetal --mode=0700 \
        /opt/airflow /opt/airflow/logs /opt/airflow/auth \
        /var/lib/omraadetal /var/lib/omraadetal/publications /var/lib/omraadetal/published \
        /var/lib/omraadetal-erasures

# The libraries first: a change in our own code does not install them again.
WORKDIR /opt/omraadetal
COPY pyproject.toml uv.lock ./
# names of optional parts in pyproject.toml, with spaces between
ARG EXTRAS=""
RUN uv sync --locked --no-dev --extra s3 --compile-bytecode --no-install-project ${EXTRAS:+$(printf ' --extra %s' $EXTRAS)}

# An editable install, because the dbt project, DAGs, plugins, agreements and descriptors are read from the checkout. It belongs to
# root: tasks can read the code, not change it.
COPY . .
RUN uv sync --locked --no-dev --extra s3 --compile-bytecode ${EXTRAS:+$(printf ' --extra %s' $EXTRAS)}

ENV PATH=/opt/omraadetal/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DO_NOT_TRACK=1 \
    GX_ANALYTICS_ENABLED=false \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS=0o600 \
    AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FOLDER_PERMISSIONS=0o700 \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/omraadetal/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/omraadetal/plugins
USER 10001:10001
CMD ["omraadetal", "--help"]
