"""What the scripts of this folder share: running a command and reading what it cost, and a server on loopback."""

import contextlib
import os
import socket
import subprocess
import sys
import time


def measure(command, work):
    """CPU seconds, seconds and MB of a command, run in the folder `work`. 3 is the exit code for some failed pages."""
    began = time.monotonic()
    child = subprocess.Popen(command, cwd=work, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 3):
        sys.exit(f"{' '.join(command[:3])} ended with {child.returncode}: {said.decode(errors='replace')}")
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def nginx(root, port, config):
    """nginx with these settings on this port, until the block ends."""
    (root / "nginx.conf").write_text(config)
    server = subprocess.Popen(["nginx", "-c", str(root / "nginx.conf")], stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield
    finally:
        server.terminate()
        server.wait()


def wait_for(port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit("nginx did not start")
