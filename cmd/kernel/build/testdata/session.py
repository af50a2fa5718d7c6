"""Run cells in a real kernel and print what a notebook would have shown.

Standard input: {"steps": [{"code": "...", "then": ["..."], "interrupt_on": "..."}]}.
The kernel is the one whose kernel.json lies under JUPYTER_PATH. "then" are cells
that are sent at once behind the first. When a cell prints the text of
"interrupt_on", it is interrupted as Jupyter's menu does it, or by SIGINT where
"by_signal" is set; where "restart_it" is, the kernel is restarted instead. A step with "ask", "inspect" or "complete", runs nothing: it asks
about the code at the character "cursor". One with "restart" restarts the kernel, as
the menu does it, before its cell; with "dies" its cell ends the kernel, which is
then started again, as Jupyter's server does it. With "vanish" the client ends without
a word to the kernel.

Standard output: {"ready": seconds, "info": {...}, "steps": [{...}],
"pid": the kernel's, "memory": its kilobytes, "log": what it wrote to its own stderr}.
"""
import json
import os
import signal
import sys
import tempfile
import time
from queue import Empty

from jupyter_client.manager import start_new_kernel

TIMEOUT = 600
SHOWN = ("stream", "error", "execute_result", "display_data", "update_display_data")


def iopub(manager, client):
    """The next message, or None if the kernel has ended."""
    for _ in range(TIMEOUT * 2):
        try:
            return client.get_iopub_msg(timeout=0.5)
        except Empty:
            if not manager.is_alive():
                return None
    raise TimeoutError("nothing came from the kernel")


def outputs_of(manager, client, step, message_id):
    """What one cell shows, until the kernel says that it is idle again."""
    waiting = step.get("interrupt_on")
    outputs = []
    while True:
        message = iopub(manager, client)
        if message is None:
            return outputs
        if message["parent_header"].get("msg_id") != message_id:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "status" and content["execution_state"] == "idle":
            return outputs
        if kind in SHOWN:
            outputs.append({"type": kind, **content})
        if waiting and kind == "stream" and waiting in content["text"]:
            waiting = None
            if step.get("restart_it"):
                restart(manager, client, now=False)
                return outputs
            if step.get("by_signal"):
                manager.signal_kernel(signal.SIGINT)
            else:
                manager.interrupt_kernel()


def reply_to(client, message_id):
    while True:
        reply = client.get_shell_msg(timeout=TIMEOUT)
        if reply["parent_header"].get("msg_id") == message_id:
            return reply["content"]


def restart(manager, client, now):
    manager.restart_kernel(now=now)
    client.wait_for_ready(timeout=TIMEOUT)


def run(manager, client, step):
    if step.get("ask"):
        ask = client.inspect if step["ask"] == "inspect" else client.complete
        reply = reply_to(client, ask(step["code"], step["cursor"]))
        return {"status": reply["status"], "reply": reply, "outputs": [], "alive": manager.is_alive()}
    if step.get("restart"):
        restart(manager, client, now=False)
    began = time.monotonic()
    first = client.execute(step["code"])
    behind = [client.execute(code) for code in step.get("then", [])]
    outputs = outputs_of(manager, client, step, first)
    if step.get("dies"):
        alive = manager.is_alive()
        restart(manager, client, now=True)
        return {"status": "died", "outputs": outputs, "alive": alive}
    if step.get("restart_it"):
        return {"status": "restarted", "outputs": outputs, "alive": manager.is_alive()}
    reply = reply_to(client, first)
    seconds = time.monotonic() - began
    return {
        "status": reply["status"],
        "outputs": outputs,
        "seconds": seconds,
        "then": [reply_to(client, one)["status"] for one in behind],
        "alive": manager.is_alive(),
    }


def memory(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def main():
    request = json.load(sys.stdin)
    log = tempfile.TemporaryFile()
    began = time.monotonic()
    manager, client = start_new_kernel(kernel_name="gophernotes", startup_timeout=TIMEOUT, stderr=log)
    ready = time.monotonic() - began
    try:
        info = reply_to(client, client.kernel_info())
        steps = [run(manager, client, step) for step in request["steps"]]
        pid = manager.provisioner.pid
        log.seek(0)
        text = log.read().decode("utf-8", "replace")
        json.dump({"ready": ready, "info": info, "steps": steps, "pid": pid, "memory": memory(pid), "log": text}, sys.stdout)
        if request.get("vanish"):
            sys.stdout.flush()
            os._exit(0)
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


main()
