"""The networks of docker-compose.yml without Docker: a bridge for each, and for each service a network of its own that
is joined to its bridges, with a hosts file that names whom it can reach.
"""

import subprocess
from contextlib import ExitStack
from pathlib import Path

from tests.compose_file import NETWORKS, SERVICES


def address(network: str, service: str) -> str:
    return f"10.77.{list(NETWORKS).index(network)}.{list(SERVICES).index(service) + 2}"


class Networks:
    """Made on entering; gone when the processes that hold them are."""

    def __init__(self) -> None:
        self._ends = ExitStack()
        self._joined: dict[str, int] = {}

    def __enter__(self) -> "Networks":
        self._hub = self._alone()
        for number, _ in enumerate(NETWORKS):
            ip(self._hub, "link", "add", f"bridge{number}", "type", "bridge")
            ip(self._hub, "link", "set", f"bridge{number}", "up")
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def of(self, service: str) -> int:
        """The process that holds the network of a service, which is joined when it is first asked for."""
        if service not in self._joined:
            pid = self._joined[service] = self._alone()
            for network in SERVICES[service]["networks"]:
                number = list(NETWORKS).index(network)
                hub_end, own_end = f"n{number}s{list(SERVICES).index(service)}", f"eth{number}"
                ip(self._hub, "link", "add", hub_end, "type", "veth", "peer", "name", own_end, "netns", str(pid))
                ip(self._hub, "link", "set", hub_end, "master", f"bridge{number}", "up")
                ip(pid, "address", "add", f"{address(network, service)}/24", "dev", own_end)
                ip(pid, "link", "set", own_end, "up")
        return self._joined[service]

    def write_hosts(self, service: str, folder: Path) -> Path:
        """Names of those on a network with it, itself included, as Docker's own name server gives them."""
        lines = ["127.0.0.1 localhost"]
        for other, facts in SERVICES.items():
            shared = [name for name in SERVICES[service]["networks"] if name in facts["networks"]]
            lines += [f"{address(network, other)} {other}" for network in shared[:1]]
        file = folder / f"{service}.hosts"
        file.write_text("\n".join(lines) + "\n")
        return file

    def _alone(self) -> int:
        holder = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", "ip link set lo up && echo up && exec sleep infinity"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        self._ends.callback(holder.wait)
        self._ends.callback(holder.kill)
        if holder.stdout.readline() != b"up\n":
            raise OSError("no network of its own")
        return holder.pid


def ip(pid: int, *words: str) -> None:
    subprocess.run(["nsenter", f"--net=/proc/{pid}/ns/net", "ip", *words], check=True, capture_output=True)


def networks_unavailable() -> bool:
    try:
        with Networks() as networks:
            networks.of(next(iter(SERVICES)))
    except (OSError, subprocess.CalledProcessError):
        return True
    return False
