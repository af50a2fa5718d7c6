"""The learners' folders, for programs that read or mend them.

Such a program runs in a container of the course, without a network, with the folders in
it and nothing else: what lies in a learner's folder is never opened in the Hub itself.
"""

import os

import docker

CLASS = os.environ["STEPWISE_CLASS"]
IMAGE = os.environ["STEPWISE_IMAGE"]
WORK = "/home/jovyan/work"


def volume(name):
    return f"{CLASS}-{name}-work"


def existing(engine, names):
    """Returns those of the names that have begun, so that a folder is there."""
    there = {v.name for v in engine.volumes.list()}
    return [name for name in sorted(names) if volume(name) in there]


def run(engine, command, folders):
    """Runs stepwise and returns what it prints. folders: for each volume, where and how it is mounted."""
    return engine.containers.run(
        IMAGE,
        command,
        entrypoint=["stepwise"],
        user="1000:100",
        network_mode="none",
        read_only=True,
        tmpfs={"/tmp": "exec,mode=1777"},
        cap_drop=["ALL"],
        security_opt=["no-new-privileges"],
        pids_limit=64,
        mem_limit="512m",
        labels={"com.docker.compose.project": "", "stepwise.class": CLASS},
        volumes=folders,
        remove=True,
    ).decode()


def progress(engine, names, form="--html"):
    """Returns the table of the class, as the learners' own folders have it."""
    names = existing(engine, names)
    if not names:
        return "Nobody has begun yet.\n"
    folders = {volume(name): {"bind": f"/class/{name}", "mode": "ro"} for name in names}
    command = ["-C", "/opt/stepwise/course", "grade", "--progress", *([form] if form else []), *(f"/class/{name}" for name in names)]
    return run(engine, command, folders)


def reset(engine, name, lesson):
    """Starts one learner's lesson over, and returns what stepwise says."""
    if not existing(engine, [name]):
        raise ValueError(f"{name} has no folder yet")
    return run(engine, ["-C", WORK, "reset", lesson], {volume(name): {"bind": WORK, "mode": "rw"}})
