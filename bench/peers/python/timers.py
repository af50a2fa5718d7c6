"""timers.py PENDING COUNT: asyncio's timers, added and canceled while others are pending."""
import asyncio
import random
import sys
import time

pending, count = int(sys.argv[1]), int(sys.argv[2])


async def main():
    loop, dice = asyncio.get_running_loop(), random.Random(1)

    def later():
        return loop.call_later(3600 + 3600 * dice.random(), print)

    waiting = [later() for _ in range(pending)]
    before = time.process_time_ns()
    for i in range(count):
        later().cancel()
        if i % 1000 == 0:
            await asyncio.sleep(0)
    print(f"count={count} cpu_us={(time.process_time_ns() - before) / 1e3 / count:.5f}")
    for timer in waiting:
        timer.cancel()


asyncio.run(main())
