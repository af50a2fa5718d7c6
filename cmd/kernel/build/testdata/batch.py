"""Run a notebook that reads os.Stdin by nbclient, and print why it ended."""
import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

import ports

notebook = nbformat.v4.new_notebook(cells=[
    nbformat.v4.new_code_cell('import "fmt"\nvar n int\nfmt.Scanln(&n)'),
])
try:
    manager = AsyncKernelManager(kernel_name="gophernotes", **ports.free())
    NotebookClient(notebook, km=manager, timeout=300, startup_timeout=300).execute()
except CellExecutionError as error:
    print(error)
