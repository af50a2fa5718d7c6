"""Ports that stay free until a kernel listens on them.

Jupyter takes the numbers that the system would hand out next, and lets them go until
the kernel has started: another test's connection may get one in between. These are
below those that the system hands out.
"""
import random
import socket

from jupyter_client.manager import KernelManager

NAMES = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")


def free():
    """The five ports of a kernel, by their names in a connection file."""
    found = {}
    while len(found) < len(NAMES):
        port = random.randrange(15_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in found.values():
            found[NAMES[len(found)]] = port
    return found


def start(timeout, log):
    """Jupyter's start_new_kernel, on such ports."""
    manager = KernelManager(kernel_name="gophernotes", **free())
    manager.start_kernel(stderr=log)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=timeout)
    except RuntimeError:
        client.stop_channels()
        manager.shutdown_kernel()
        raise
    return manager, client
