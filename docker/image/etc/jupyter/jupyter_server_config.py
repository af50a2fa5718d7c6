# Jupyter's configuration in the container, with a Hub or without one.
import os

c = get_config()  # noqa: F821, Jupyter defines it

c.ServerApp.ip = "0.0.0.0"  # inside the container; the host publishes it on 127.0.0.1 only
c.ServerApp.port = 8888
c.ServerApp.port_retries = 0  # only this port is published
c.ServerApp.open_browser = False
c.ServerApp.root_dir = os.path.join(os.environ["HOME"], "work")
c.Application.log_level = "ERROR"  # nothing may hide the printed address
c.MultiKernelManager.default_kernel_name = "gophernotes"
c.KernelSpecManager.ensure_native_kernel = False  # the image has no Python kernel
# Delete for good: a hidden trash would fill the volume unseen.
c.FileContentsManager.delete_to_trash = False
# When the container runs out of memory, a terminal's programs are killed before
# the server, and after the kernels.
c.ServerApp.terminado_settings = {"shell_command": ["choom", "-n", "500", "--", "bash"]}
# Lines for the learner, which stepwise-notices shows in Lab.
notices = [line for line in os.environ.get("STEPWISE_NOTICES", "").splitlines() if line.strip()]
c.ServerApp.tornado_settings = {"page_config_data": {"stepwiseNotices": notices}}
