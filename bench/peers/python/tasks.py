"""tasks.py TASKS SWITCHES ROUNDS [uvloop]: asyncio's tasks, which give way with sleep(0), or
only start and end."""
import asyncio
import sys
import time

tasks, switches, rounds = map(int, sys.argv[1:4])


async def body():
    for _ in range(switches):
        await asyncio.sleep(0)


async def main():
    before = time.process_time_ns()
    for _ in range(rounds):
        for task in [asyncio.create_task(body()) for _ in range(tasks)]:
            await task
    count = tasks * max(1, switches) * rounds
    print(f"count={count} cpu_us={(time.process_time_ns() - before) / 1e3 / count:.5f}")


if "uvloop" in sys.argv:
    import uvloop

    uvloop.install()
asyncio.run(main())
