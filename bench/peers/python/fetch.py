"""fetch.py PORT AT-ONCE COUNT sock|streams [uvloop]: asyncio's clients, through loop.sock_*,
whose API is the closest to ours, and through streams."""
import asyncio
import socket
import sys
import time

port, at_once, count, how = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
request = b"GET / HTTP/1.0\r\nHost: x\r\n\r\n"


async def through_sock(loop, address):
    with socket.socket() as s:
        s.setblocking(False)
        await loop.sock_connect(s, (address, port))
        await loop.sock_sendall(s, request)
        while await loop.sock_recv(s, 4096):
            pass


async def through_streams(loop, address):
    reader, writer = await asyncio.open_connection(address, port)
    writer.write(request)
    await writer.drain()
    while await reader.read(4096):
        pass
    writer.close()


async def main():
    loop = asyncio.get_running_loop()
    fetch = through_sock if how == "sock" else through_streams
    left = iter(range(count))

    async def fetcher():
        for k in left:
            await fetch(loop, f"127.0.0.{1 + k % 16}")

    before = time.process_time_ns()
    await asyncio.gather(*(fetcher() for _ in range(at_once)))
    print(f"count={count} cpu_us={(time.process_time_ns() - before) / 1e3 / count:.5f}")


if "uvloop" in sys.argv:
    import uvloop

    uvloop.install()
asyncio.run(main())
