"""Attack a kernel without its key, and print what a reader of its notebook noticed.

siege.py try: start a kernel, try each of ATTACKS once, and run a cell after each.
siege.py storm: read {"..._port"} from the first line of standard input, throw all
of ATTACKS at that kernel until standard input ends, and print each round's number.

Standard output of try: {"attacks": {name: {...}}, "log": the kernel's}.
"""
import json
import os
import select
import socket
import struct
import sys
import tempfile
import time

import zmq
import ports
from jupyter_client.session import Session

TIMEOUT = 120
CHANNELS = {"shell": b"DEALER", "control": b"DEALER", "stdin": b"DEALER", "iopub": b"SUB", "hb": b"REQ"}
GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00NULL" + bytes(48)


def connect(info, channel):
    return socket.create_connection(("127.0.0.1", info[channel + "_port"]), timeout=TIMEOUT)


def ready(kind):
    body = b"\x05READY\x0bSocket-Type" + struct.pack(">I", len(kind)) + kind
    return b"\x04" + bytes([len(body)]) + body


def join(info, channel):
    """A raw connection, after the handshake."""
    conn = connect(info, channel)
    conn.sendall(GREETING + ready(CHANNELS[channel]))
    got = b""
    while len(got) < 64 + 2 or len(got) < 64 + 2 + got[65]:
        got += conn.recv(1 << 16)
    return conn


def closed(conn):
    """Wait until the kernel has closed the connection."""
    try:
        while conn.recv(1 << 16):
            pass
    except ConnectionError:
        pass
    conn.close()


def announce(size):
    def attack(info):
        for channel in CHANNELS:
            conn = join(info, channel)
            conn.sendall(b"\x02" + struct.pack(">Q", size))
            closed(conn)

    return attack


def silent(greeting):
    def attack(info):
        held = []
        for channel in CHANNELS:
            for _ in range(200):
                held.append(connect(info, channel))
                held[-1].sendall(greeting)
        return held

    return attack


def nothing_in_a_frame(info):
    for channel in ("shell", "control", "stdin", "iopub"):
        conn = join(info, channel)
        conn.sendall(b"\x00\x00")
        closed(conn)


def many_frames(info):
    conn = join(info, "shell")
    conn.sendall(b"\x01\x00" * 1000)
    closed(conn)


def no_protocol(info):
    for channel in CHANNELS:
        conn = connect(info, channel)
        conn.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 20 + b"\r\n")
        closed(conn)


def dribble(info):
    """Handshakes and messages that begin and don't go on."""
    held = []
    for channel in CHANNELS:
        for piece in (b"\xff", GREETING[:40], GREETING + b"\x04"):
            held.append(connect(info, channel))
            held[-1].sendall(piece)
    for _ in range(40):
        held.append(join(info, "shell"))
        held[-1].sendall(b"\x02" + struct.pack(">Q", 1 << 20) + bytes(1000))
    return held


def guess(info):
    """Requests that are signed with another key, or cut short."""
    session = Session(key=b"a guess")
    whole = session.serialize(session.msg("shutdown_request", {"restart": False}))
    for parts in (whole, whole[:3], whole[:1], [b"<IDS|MSG>", b""], [b""] * 60):
        for channel in ("shell", "control", "stdin"):
            conn = join(info, channel)
            for i, part in enumerate(parts):
                more = i < len(parts) - 1
                conn.sendall(bytes([2 | more]) + struct.pack(">Q", len(part)) + part)
            closed(conn)


def crowd(info):
    held = []
    for channel in ("shell", "control"):
        for _ in range(300):
            held.append(join(info, channel))
    return held


ATTACKS = {
    "announces 2^62 bytes": announce(1 << 62),
    "announces 2^64-1 bytes": announce((1 << 64) - 1),
    "announces 2^31 bytes": announce(1 << 31),
    "sends a frame of no bytes": nothing_in_a_frame,
    "sends a thousand frames": many_frames,
    "speaks HTTP": no_protocol,
    "connects 1000 times and is silent": silent(b""),
    "is silent after the greeting": silent(GREETING),
    "begins and doesn't go on": dribble,
    "signs with another key": guess,
    "opens 600 connections that do nothing": crowd,
}


def subscribe(info):
    """A subscriber that never reads."""
    conn = join(info, "iopub")
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    conn.sendall(b"\x00\x01\x01")
    return conn


def run(client, code):
    """Run a cell, and return its reply's status and what it printed."""
    request = client.execute(code)
    text = []
    while True:
        message = client.get_iopub_msg(timeout=TIMEOUT)
        if message["parent_header"].get("msg_id") != request:
            continue
        if message["msg_type"] == "stream":
            text.append(message["content"]["text"])
        if message["content"].get("execution_state") == "idle":
            break
    while True:
        reply = client.get_shell_msg(timeout=TIMEOUT)
        if reply["parent_header"].get("msg_id") == request:
            return reply["content"]["status"], "".join(text)


def peak(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


FLOOD = """line := strings.Repeat("x", 999)
func flood(n int) { for i := 0; i < n; i++ { fmt.Println(line) } }
flood(%d)"""


def flood(manager, client, readers, megabytes):
    """A cell that prints, while others subscribe and don't read."""
    pid = manager.provisioner.pid
    before = peak(pid)
    held = [subscribe(manager.get_connection_info()) for _ in range(readers)]
    status, text = run(client, FLOOD % (megabytes * 1000))
    whole = text == ("x" * 999 + "\n") * (megabytes * 1000)
    grown = peak(pid) - before
    told = []
    for one in held:  # it comes again; to read what is left by a window this small takes long
        one.close()
        back = zmq.Context().socket(zmq.SUB)
        back.setsockopt(zmq.SUBSCRIBE, b"")
        back.connect("tcp://127.0.0.1:%d" % manager.get_connection_info()["iopub_port"])
        if not back.poll(TIMEOUT * 1000):
            raise TimeoutError("a reader that came back was told nothing")
        message = client.session.deserialize(client.session.feed_identities(back.recv_multipart())[1])
        told.append(message["content"]["text"])
    return {"status": status, "whole": whole, "grown": grown, "told": told, "alive": manager.is_alive()}


def replay(manager, client):
    """A signed request that is sent again, by somebody else."""
    run(client, "count := 0")  # another connection may be faster
    message = client.session.msg("execute_request", {"code": "count++", "silent": False, "store_history": True,
                                                     "user_expressions": {}, "allow_stdin": False, "stop_on_error": True})
    parts = client.session.serialize(message)
    socket_ = zmq.Context().socket(zmq.DEALER)
    socket_.connect("tcp://127.0.0.1:%d" % manager.get_connection_info()["shell_port"])
    for _ in range(3):
        socket_.send_multipart(parts)
    if not socket_.poll(TIMEOUT * 1000):
        raise TimeoutError("no reply")
    socket_.recv_multipart()
    status, text = run(client, "fmt.Print(count)")
    return {"status": status, "printed": text, "alive": manager.is_alive()}


def reflect(manager, client):
    """What the kernel has signed and published is sent back to it, by somebody else."""
    info = manager.get_connection_info()
    listener = zmq.Context().socket(zmq.SUB)
    listener.setsockopt(zmq.SUBSCRIBE, b"")
    listener.connect("tcp://127.0.0.1:%d" % info["iopub_port"])
    while not listener.poll(100):
        client.kernel_info()
    run(client, "fmt.Print(1)")
    kinds = []
    while "stream" not in kinds:
        parts = listener.recv_multipart()
        parts = parts[parts.index(b"<IDS|MSG>"):]
        kinds.append(json.loads(parts[2])["msg_type"])
        for channel in ("shell", "control", "stdin"):
            conn = join(info, channel)
            for i, part in enumerate(parts):
                conn.sendall(bytes([2 | (i < len(parts) - 1)]) + struct.pack(">Q", len(part)) + part)
            closed(conn)
    status, text = run(client, "fmt.Print(1)")
    return {"status": status, "printed": text, "alive": manager.is_alive()}


def peers(manager, client):
    """What libzmq's other sockets get."""
    info = manager.get_connection_info()
    context = zmq.Context()

    def dial(kind, channel):
        one = context.socket(kind)
        one.setsockopt(zmq.RCVTIMEO, TIMEOUT * 1000)
        one.setsockopt(zmq.HEARTBEAT_IVL, 50)
        one.connect("tcp://127.0.0.1:%d" % info[channel + "_port"])
        return one

    got = {}
    beat = dial(zmq.REQ, "hb")
    for size in (0, 4, 255, 256, 1000):
        beat.send(b"p" * size)
        got[f"a beat of {size}"] = len(beat.recv()) == size
    session = client.session
    for name, kind in (("REQ", zmq.REQ), ("DEALER", zmq.DEALER)):
        asks = dial(kind, "shell")
        asks.send_multipart(session.serialize(session.msg("kernel_info_request", {})))
        parts = asks.recv_multipart()
        got[f"a {name} on shell"] = session.deserialize(session.feed_identities(parts)[1])["msg_type"] == "kernel_info_reply"
    some, every = dial(zmq.SUB, "iopub"), dial(zmq.SUB, "iopub")
    some.setsockopt(zmq.SUBSCRIBE, b"no such topic")
    every.setsockopt(zmq.SUBSCRIBE, b"")
    while not every.poll(100):
        client.kernel_info()
    got["a SUB of everything"] = every.recv_multipart().count(b"<IDS|MSG>") == 1
    got["a SUB of something else"] = some.poll(100) == 0
    return {"status": "ok", "got": got, "alive": manager.is_alive()}


def attempt(manager, client, attack):
    info = manager.get_connection_info()
    held = attack(info) or []
    newcomer = manager.client()  # a front that is opened during the attack
    newcomer.start_channels()
    newcomer.wait_for_ready(timeout=TIMEOUT)
    statuses = {run(one, "1 + 1")[0] for one in (client, newcomer)}
    newcomer.stop_channels()
    for one in held:
        one.close()
    return {"status": " ".join(sorted(statuses)), "alive": manager.is_alive()}


def try_all():
    log = tempfile.TemporaryFile()
    manager, client = ports.start(TIMEOUT, log)
    results = {}
    try:
        run(client, 'import ("fmt"; "strings")')
        for name, attack in ATTACKS.items():
            results[name] = attempt(manager, client, attack)
        results["sends a request again"] = replay(manager, client)
        results["sends back what the kernel has published"] = reflect(manager, client)
        results["libzmq"] = peers(manager, client)
        results["nobody"] = flood(manager, client, 0, 100)
        results["subscribes and never reads"] = flood(manager, client, 5, 50)
        log.seek(0)
        json.dump({"attacks": results, "log": log.read().decode("utf-8", "replace")}, sys.stdout)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def storm():
    info = json.loads(sys.stdin.readline())
    held = [subscribe(info) for _ in range(20)]
    rounds = 0
    while not select.select([sys.stdin], [], [], 0.01)[0]:
        for attack in ATTACKS.values():
            if attack is crowd:
                continue  # the silent ones are crowd enough
            try:
                held = (attack(info) or held)[-1000:]
            except OSError:
                return  # the kernel has ended, as it should at the end
        rounds += 1
        print(rounds, flush=True)


{"try": try_all, "storm": storm}[sys.argv[1]]()
