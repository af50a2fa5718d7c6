"""Run a notebook that reads os.Stdin by nbclient, and print why it ended."""
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

notebook = nbformat.v4.new_notebook(cells=[
    nbformat.v4.new_code_cell('import "fmt"\nvar n int\nfmt.Scanln(&n)'),
])
try:
    NotebookClient(notebook, kernel_name="gophernotes", timeout=300, startup_timeout=300).execute()
except CellExecutionError as error:
    print(error)
