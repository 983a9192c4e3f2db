"""Put worlds on disk as the product finds them: deliveries and everything that is written about them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks.quality.deliveries import clean_deliveries
from benchmarks.quality.world import TEMPLATES, World, template
from vocabulary.settings import Settings

Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
SOURCES = tuple(sorted(path.stem for path in (TEMPLATES / "sources").glob("*.yaml")))


def write_deliveries(worlds: Sequence[World], landing: Path) -> None:
    """The clean sources once, and each world's own; a file that no fault touched is made once for all of them."""
    clean = {id(one.file): one.file.content() for one in clean_deliveries()}
    own = [
        (one, world.source_id(source))
        for world in worlds
        for source, files in world.deliveries.items()
        for one in files
    ]
    for delivery, source_id in [*((one, one.source) for one in clean_deliveries()), *own]:
        path = landing / source_id / delivery.delivered_on.isoformat() / delivery.file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(clean.get(id(delivery.file)) or delivery.file.content())


def write_definitions(worlds: Sequence[World], settings: Settings) -> None:
    """The definitions of the clean sources, and each world's own under its name."""
    _write(settings.agreements / "areas.yaml", template("agreements/areas.yaml"))
    for source in SOURCES:
        _write(settings.sources / f"{source}.yaml", template(f"sources/{source}.yaml"))
    _write(settings.corrections / "samtaler.yaml", template("corrections/samtaler.yaml"))
    for world in worlds:
        _write(settings.agreements / f"{world.name}.yaml", _over_own_sources(world))
        acknowledged = {"acknowledgements": world.acknowledgements}
        _write(settings.agreements / "acknowledgements" / f"{world.name}.yaml", acknowledged)
        for source in world.deliveries:
            source_id = world.source_id(source)
            if source in SOURCES:
                descriptor = {**template(f"sources/{source}.yaml"), "source_id": source_id}
                _write(settings.sources / f"{source_id}.yaml", descriptor)
            if world.corrections[source]:
                _write(settings.corrections / f"{source_id}.yaml", {"corrections": world.corrections[source]})


def _over_own_sources(world: World) -> dict[str, Any]:
    """The world's agreement under the world's name, over the sources as the world has them."""
    indicators = []
    for indicator in world.agreement["indicators"]:
        own = {
            key: {**measure, "source": world.source_id(measure["source"])}
            for key in ("measure", "also_published")
            if (measure := indicator.get(key)) and "source" in measure
        }
        indicators.append({**indicator, **own})
    return {**world.agreement, "agreement_id": world.name, "indicators": indicators}


def _write(path: Path, document: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.dump(document, Dumper=Dumper, allow_unicode=True, sort_keys=False), encoding="utf-8")
