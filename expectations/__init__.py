"""JUDGE: Great Expectations suites over the built facts -> flags with severity.

dbt computes the facts (confidential.check_*); nothing is computed here.
"""

import logging
import os

# before Great Expectations is imported: it reads the variable then, and says a lot at level INFO
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
logging.getLogger("great_expectations").setLevel(logging.WARNING)
