"""Every Python process that finds this on PYTHONPATH writes each connection and each name it asks for to a file.

The file is named by NETWORK_ATTEMPTS. What stays on this machine is no attempt.
"""

import ipaddress
import os
import sys

WATCHED = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}
WATCHED |= {"socket.gethostbyaddr", "socket.getnameinfo"}
LOCAL = {None, "", "localhost", b"localhost"}


def is_local(target):
    """Whether a host, or the address of a socket, is this machine's own."""
    host = target[0] if isinstance(target, tuple) and target else target
    if isinstance(target, (str, bytes)) and os.fsencode(target)[:1] in (b"/", b"\0"):
        return True  # a Unix socket
    if host in LOCAL:
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host).is_loopback
    except (AttributeError, ValueError):
        return False


def tell(event, arguments):
    if event not in WATCHED:
        return
    target = arguments[1] if event in ("socket.connect", "socket.sendto", "socket.sendmsg") else arguments[0]
    if not is_local(target):
        descriptor = os.open(os.environ["NETWORK_ATTEMPTS"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(descriptor, f"{event} {target!r} by {sys.argv[:3]}\n".encode())
        os.close(descriptor)


if "NETWORK_ATTEMPTS" in os.environ:
    sys.addaudithook(tell)
