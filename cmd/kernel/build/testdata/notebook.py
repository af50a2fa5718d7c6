"""Run a whole notebook with nbclient, and print what became of it.

usage: notebook.py NOTEBOOK TRANSPORT [SCHEME]

The first line of standard output is where the kernel's ports are; the cells begin when
standard input ends. The second is {"error": ..., "committed": [of each code
cell, the kinds of outputs in the file], "outputs": [those that came]}. With the transport "ipc"
the sockets are where Jupyter's client wants them, in a folder that is removed.
"""
import itertools
import json
import os
import sys
import tempfile

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

import ports


class Client(NotebookClient):
    async def async_start_new_kernel(self, **kwargs):
        await super().async_start_new_kernel(**kwargs)
        info = self.km.get_connection_info()
        print(json.dumps({key: value for key, value in info.items() if key.endswith("_port")}), flush=True)
        sys.stdin.read()


def kinds(cell):
    """The kinds of a cell's outputs: a stream is one, however many messages it came in."""
    return [kind for kind, _ in itertools.groupby(o.get("name", o["output_type"]) for o in cell["outputs"])]


def shown(notebook):
    return [kinds(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def main(path, transport, scheme="hmac-sha256"):
    folder = tempfile.TemporaryDirectory()
    notebook = nbformat.read(path, as_version=4)
    before = shown(notebook)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
    manager = AsyncKernelManager(kernel_name="gophernotes", **(ports.free() if transport == "tcp" else {}))
    manager.session.signature_scheme = scheme
    manager.transport = transport
    if transport == "ipc":
        manager.ip = os.path.join(folder.name, "kernel")
    client = Client(notebook, km=manager, timeout=90, startup_timeout=120, record_timing=False,
                    resources={"metadata": {"path": os.path.dirname(path)}})
    error = ""
    try:
        client.execute()
    except Exception as failed:
        error = f"{type(failed).__name__}: {failed}"
    print(json.dumps({"error": error, "committed": before, "outputs": shown(notebook)}))


main(*sys.argv[1:])
