# What Jupyter is told inside the container, alone and under a Hub alike.
import os

c = get_config()  # noqa: F821, Jupyter defines it

c.ServerApp.ip = "0.0.0.0"  # of the container; the host publishes it on 127.0.0.1 alone
c.ServerApp.port = 8888
c.ServerApp.port_retries = 0  # another port would not be the published one
c.ServerApp.open_browser = False
c.ServerApp.root_dir = os.path.join(os.environ["HOME"], "work")
c.Application.log_level = "ERROR"  # the address is what the reader has to find
c.MultiKernelManager.default_kernel_name = "gophernotes"
c.KernelSpecManager.ensure_native_kernel = False  # there is no Python for cells
# Deleted is deleted: a hidden trash would fill the volume unseen.
c.FileContentsManager.delete_to_trash = False
# A terminal's programs go before the server when the container's memory ends,
# and after the kernels.
c.ServerApp.terminado_settings = {"shell_command": ["choom", "-n", "500", "--", "bash"]}
