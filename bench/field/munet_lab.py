"""A file of munet's -> the lab, by munet, until a line comes. Runs with the Python that has it."""

from __future__ import annotations

import asyncio
import logging
import sys

from munet.parser import (  # type: ignore[import-not-found,import-untyped,unused-ignore]
    async_build_topology,
    get_config,
)


async def main() -> None:
    """Builds, says so, waits, takes down."""
    logging.disable()  # it says each command that it runs
    # There is a process namespace already, and in two of them it does not find its own.
    lab = await async_build_topology(get_config(sys.argv[1]), rundir=sys.argv[2], top_level_pidns=False)
    print("up", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await lab.async_delete()


asyncio.run(main())
