"""Start a kernel and print, one a line, the states that it tells unasked.

The first argument is the kernel; it gets a connection file of its own. The
subscriber is there first, and tries again and again to connect, since nothing that
was sent before it came reaches it.
"""
import json
import os
import subprocess
import sys
import tempfile

import zmq
from jupyter_client.connect import write_connection_file

import ports

folder = tempfile.mkdtemp()
name, info = write_connection_file(os.path.join(folder, "kernel.json"), **ports.free())
subscriber = zmq.Context().socket(zmq.SUB)
subscriber.setsockopt(zmq.RECONNECT_IVL, 1)
subscriber.setsockopt(zmq.SUBSCRIBE, b"")
subscriber.connect(f"tcp://{info['ip']}:{info['iopub_port']}")
kernel = subprocess.Popen([sys.argv[1], name])
try:
    if subscriber.poll(20_000):
        parts = subscriber.recv_multipart()
        at = parts.index(b"<IDS|MSG>")
        header, content = json.loads(parts[at + 2]), json.loads(parts[at + 5])
        print(header["msg_type"], content.get("execution_state"))
finally:
    kernel.kill()
    kernel.wait()
