"""What `omraadetal demo` makes of Airflow's output."""

import sys
import time

from cli.demo import WAITS_FOR_A_PERSON, _stream


def test_a_run_that_waits_for_a_person_is_ended_since_nobody_can_answer_it(tmp_path):
    # like `airflow dags test`, it takes no SIGTERM
    program = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        f"print('task_id=check'); print({WAITS_FOR_A_PERSON!r}, flush=True); time.sleep(600)"
    )
    began = time.monotonic()
    assert list(_stream([sys.executable, "-c", program], {}, tmp_path / "log")) == ["  check"]
    assert time.monotonic() - began < 300
