"""Run cells in a real kernel and print what a notebook would have shown.

Standard input: {"steps": [{"code": "...", "then": ["..."], "interrupt_on": "..."}]}.
The kernel is the one whose kernel.json lies under JUPYTER_PATH. "then" are cells
that are sent at once behind the first. When a cell prints the text of
"interrupt_on", it is interrupted as Jupyter's menu does it, or by SIGINT where
"by_signal" is set. With "vanish" the client ends without a word to the kernel.

Standard output: {"ready": seconds, "info": {...}, "steps": [{...}], "pid": the kernel's}.
"""
import json
import os
import signal
import sys
import time

from jupyter_client.manager import start_new_kernel

TIMEOUT = 60
SHOWN = ("stream", "error", "execute_result", "display_data", "update_display_data")


def outputs_of(manager, client, step, message_id):
    """What one cell shows, until the kernel says that it is idle again."""
    waiting = step.get("interrupt_on")
    outputs = []
    while True:
        message = client.get_iopub_msg(timeout=TIMEOUT)
        if message["parent_header"].get("msg_id") != message_id:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "status" and content["execution_state"] == "idle":
            return outputs
        if kind in SHOWN:
            outputs.append({"type": kind, **content})
        if waiting and kind == "stream" and waiting in content["text"]:
            waiting = None
            if step.get("by_signal"):
                manager.signal_kernel(signal.SIGINT)
            else:
                manager.interrupt_kernel()


def reply_to(client, message_id):
    while True:
        reply = client.get_shell_msg(timeout=TIMEOUT)
        if reply["parent_header"].get("msg_id") == message_id:
            return reply["content"]


def run(manager, client, step):
    began = time.monotonic()
    first = client.execute(step["code"])
    behind = [client.execute(code) for code in step.get("then", [])]
    outputs = outputs_of(manager, client, step, first)
    reply = reply_to(client, first)
    seconds = time.monotonic() - began
    return {
        "status": reply["status"],
        "outputs": outputs,
        "seconds": seconds,
        "then": [reply_to(client, one)["status"] for one in behind],
        "alive": manager.is_alive(),
    }


def main():
    request = json.load(sys.stdin)
    began = time.monotonic()
    manager, client = start_new_kernel(kernel_name="gophernotes", startup_timeout=TIMEOUT)
    ready = time.monotonic() - began
    try:
        info = reply_to(client, client.kernel_info())
        steps = [run(manager, client, step) for step in request["steps"]]
        json.dump({"ready": ready, "info": info, "steps": steps, "pid": manager.provisioner.pid}, sys.stdout)
        if request.get("vanish"):
            sys.stdout.flush()
            os._exit(0)
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


main()
