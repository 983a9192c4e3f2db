"""Write a metric for every indicator that an agreement names: metrics_by_indicator.py FILE.

MetricFlow knows only metrics that stand in YAML; the agreements are what decides which indicators there are. Run by
`make metrics` for models/semantic/metrics_by_indicator.yml; a test holds that file and the agreements together.
"""

import json
import sys
from pathlib import Path

from agreements.loader import Agreements, read_agreements
from agreements.model import Indicator
from vocabulary.settings import Settings

HEAD = """\
# Written by `make metrics` from agreements/*.yaml; edit those. A value like figure_value, of one indicator.
version: 2

metrics:
"""

METRIC = """\
  - name: {name}
    label: {label}
    description: {description}
    type: derived
    type_params:
      expr: case when figures_count = 1 then highest_value end
      metrics:
        - name: figures_count
          filter: &{name} "{{{{ Dimension('figure__indicator_id') }}}} = '{name}'"
        - name: highest_value
          filter: *{name}
"""


def metrics_yaml(agreements: Agreements) -> str:
    """The YAML of a metric per indicator, in order of agreement and indicator.

    An indicator that several agreements name is one metric: null until the question names the agreement. It is worded
    as the newest version has it; one that a revision took out keeps its metric, since its years stay.
    """
    indicators: dict[str, Indicator] = {}
    for agreement in agreements.agreements:
        for version in agreement.every_version():
            indicators |= {indicator.indicator_id: indicator for indicator in version.agreement.indicators}
    return HEAD + "\n".join(_metric(indicator) for indicator in indicators.values())


def _metric(indicator: Indicator) -> str:
    description = f"{indicator.definition_da.strip()} ({indicator.unit}; null where a group holds several figures)"
    return METRIC.format(
        name=indicator.indicator_id,
        # JSON's strings are YAML's: any text of an agreement is safe in them
        label=json.dumps(indicator.name, ensure_ascii=False),
        description=json.dumps(description, ensure_ascii=False),
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(
        metrics_yaml(read_agreements(Settings.from_environment().agreements)), encoding="utf-8"
    )
