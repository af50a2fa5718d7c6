"""Run cells in a real kernel and print what a notebook would have shown.

Standard input: {"steps": [{"code": "...", "then": ["..."], "interrupt_on": "..."}]}.
The kernel is the one whose kernel.json lies under JUPYTER_PATH. "then" are cells
that are sent at once behind the first. When a cell prints the text of
"interrupt_on", it is interrupted as Jupyter's menu does it, or by SIGINT where
"by_signal" is set; where "restart_it" is, the kernel is restarted instead. "options"
are those of client.execute; where "lines" is set, the cell may ask for input: it gets
these lines, and is interrupted when it asks for one more. A step with "ask" runs
nothing: it asks as the client's method of that name does, with "options"; "inspect"
and "complete" ask about the code at the character "cursor". One with "restart" restarts the kernel, as
the menu does it, before its cell; with "dies" its cell ends the kernel, which is
then started again, as Jupyter's server does it. With "await"
its cell is not sent before that text was printed, by whichever cell. With "send" a message of that type
goes out before the cell, with "content", and its reply is not waited for. With "vanish" the client ends without
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

import ports

TIMEOUT = 600
SHOWN = ("stream", "error", "execute_result", "display_data", "update_display_data", "clear_output")


def answer(manager, client, lines, notes):
    """Answer a request for a line, if there is one."""
    try:
        message = client.get_stdin_msg(timeout=0)
    except Empty:
        return
    notes["asked"].append({"parent": message["parent_header"].get("msg_id"), **message["content"]})
    if lines:
        client.input(lines.pop(0))
    else:
        manager.interrupt_kernel()


def iopub(manager, client, lines, notes):
    """The next message, or None if the kernel has ended."""
    for _ in range(TIMEOUT * 20):
        try:
            return client.get_iopub_msg(timeout=0.5 if lines is None else 0.05)
        except Empty:
            if lines is not None:
                answer(manager, client, lines, notes)
            if not manager.is_alive():
                return None
    raise TimeoutError("nothing came from the kernel")


def outputs_of(manager, client, step, message_id, notes):
    """What one cell shows, until the kernel says that it is idle again."""
    waiting = step.get("interrupt_on")
    lines = list(step["lines"]) if step.get("lines") is not None else None
    outputs = []
    while True:
        message = iopub(manager, client, lines, notes)
        if message is None:
            return outputs
        kind, content = message["msg_type"], message["content"]
        if message["parent_header"].get("msg_id") != message_id:
            if kind in SHOWN:
                notes["strays"].append({"type": kind, **content})
            continue
        if kind == "status" and content["execution_state"] == "idle":
            return outputs
        if kind == "execute_input":
            notes["inputs"].append(content)
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
    options = step.get("options") or {}
    if step.get("ask"):
        arguments = [step["code"]] if "code" in step else []
        if step["ask"] in ("inspect", "complete"):
            arguments.append(step.get("cursor", 0))
        reply = reply_to(client, getattr(client, step["ask"])(*arguments, **options))
        return {"status": reply["status"], "reply": reply, "outputs": [], "alive": manager.is_alive()}
    if step.get("restart"):
        restart(manager, client, now=False)
    if step.get("await"):
        while step["await"] not in client.get_iopub_msg(timeout=60)["content"].get("text", ""):
            pass
    if step.get("send"):
        channel = client.stdin_channel if step["send"] == "input_reply" else client.shell_channel
        channel.send(client.session.msg(step["send"].strip(), json.dumps(step.get("content")).encode()))
    began = time.monotonic()
    first = client.execute(step.get("code", ""), **{"allow_stdin": step.get("lines") is not None, **options})
    behind = [client.execute(code) for code in step.get("then", [])]
    notes = {"asked": [], "inputs": [], "strays": []}
    outputs = outputs_of(manager, client, step, first, notes)
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
        "reply": reply,
        "asked": [{"by_this": one.pop("parent") == first, **one} for one in notes["asked"]],
        "inputs": notes["inputs"],
        "strays": notes["strays"],
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
    manager, client = ports.start(TIMEOUT, log)
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
