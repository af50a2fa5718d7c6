"""Runs one notebook in a kernel of its own, as Jupyter does, and writes the result.

usage: run.py IN OUT DIR KERNEL SECONDS

The cells run with DIR as the current folder, each for at most SECONDS. OUT
gets the notebook with its new outputs, complete up to where it failed. One
line of JSON on stdout says how it ended: {} or {"cell", "kind", "message"},
with cells counted from 0; "cell" is -1 if no cell had begun. The exit status is
0 in all these cases: any other means that Jupyter itself doesn't work here.
"""
import json
import os
import sys

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config


class Client(NotebookClient):
    current = -1

    async def async_execute_cell(self, cell, cell_index, *args, **kwargs):
        self.current = cell_index
        return await super().async_execute_cell(cell, cell_index, *args, **kwargs)


def sockets(folder):
    """Has the kernel listen on files in folder. Jupyter chooses ports before the
    kernel listens on them, and another process may take one in between."""
    config = Config()
    config.KernelManager.transport = "ipc"
    config.KernelManager.ip = os.path.join(folder, "kernel")
    return config


def main(source, target, folder, kernel, seconds):
    notebook = nbformat.read(source, as_version=4)
    client = Client(
        notebook,
        config=sockets(os.path.dirname(target)),
        kernel_name=kernel,
        timeout=int(seconds),
        startup_timeout=120,
        record_timing=False,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": folder}},
    )
    verdict = {}
    try:
        client.execute()
    except Exception as error:  # whatever it is, the reader wants to know in which cell
        verdict = {
            "cell": client.current,
            "kind": type(error).__name__,
            "message": str(error),
        }
    nbformat.write(notebook, target)
    print(json.dumps(verdict))


main(*sys.argv[1:])
