"""The Hub of a class on one server: it starts a container of the course for each learner.

compose.yaml sets these variables:
  STEPWISE_IMAGE       the course's image
  STEPWISE_CLASS       the prefix in the names of the learners' containers, networks and volumes
  STEPWISE_SUBNETS     the addresses of the learners' networks (198.18.0.0/16)
  STEPWISE_LEARNERS    a file with one name on each line; "NAME admin" is a teacher
  STEPWISE_HUB_TOKEN   a teacher's program may start servers with it (optional, 8 characters or more)
  STEPWISE_TEACHERS_PAGE  "yes": a page with everybody's progress, at /services/class/ (no)
  STEPWISE_SOLUTIONS   "withheld": learners get no solutions (they get them)
  STEPWISE_DISK        the most that each learner may store, such as 1g (no bound)
"""

import asyncio
import hmac
import ipaddress
import os
import secrets
import socket
import sys
import threading
from pathlib import Path

import docker
from jupyterhub.auth import Authenticator
from jupyterhub.spawner import Spawner
from traitlets import Unicode

c = get_config()  # noqa: F821, JupyterHub defines it

CLASS = os.environ["STEPWISE_CLASS"]
# 198.18.0.0/15 is reserved for tests of devices (RFC 2544), so no school uses it.
SUBNETS = ipaddress.ip_network(os.environ.get("STEPWISE_SUBNETS") or "198.18.0.0/16")
STATE = Path("/srv/hub")


sys.path.insert(0, "/etc/jupyterhub")
from roster import Roster  # noqa: E402

ROSTER = Roster(os.environ["STEPWISE_LEARNERS"], STATE)
try:
    ROSTER.passwords()
except ValueError as wrong:
    raise SystemExit(str(wrong)) from None


class ClassAuthenticator(Authenticator):
    """Lets in those who are in the class now, with their password."""

    async def authenticate(self, handler, data):
        name, names = data["username"], ROSTER.names()
        right = ROSTER.passwords().get(name, secrets.token_hex(8))
        same = hmac.compare_digest(right.encode(), data["password"].encode())
        return {"name": name, "admin": names[name]} if same and name in names else None


class Networks:
    """A network for each learner, which only their server and the Hub are on.

    On a shared network, each learner would reach every port of the others. An
    engine can keep the containers of a network apart, but then it keeps the Hub
    from them too. Such a network has no way out. The machine has no address on
    it; otherwise a learner would reach everything that listens on the machine.
    """

    def __init__(self, engine):
        self.engine = engine
        self.making = threading.Lock()  # otherwise two learners could get the same addresses

    def join(self, name):
        """Makes the network if it doesn't exist, and connects this Hub to it."""
        with self.making:
            found = self.engine.networks.list(names=[name], greedy=True)
            network = next((n for n in found if n.name == name), None) or self.make(name)
        network.reload()
        me = self.engine.containers.get(socket.gethostname())
        if me.id not in network.attrs["Containers"]:
            network.connect(me, aliases=["hub"])

    def make(self, name):
        # A network uses four of its eight addresses. The engine's own ranges would
        # be used up after thirty networks.
        taken = [
            ipaddress.ip_network(config["Subnet"])
            for network in self.engine.networks.list()
            for config in network.attrs["IPAM"]["Config"] or []
            if ":" not in config["Subnet"]
        ]
        free = next((s for s in SUBNETS.subnets(new_prefix=29) if not any(s.overlaps(t) for t in taken)), None)
        if free is None:
            raise RuntimeError(f"no addresses are left in {SUBNETS}: set STEPWISE_SUBNETS to a larger network")
        return self.engine.networks.create(
            name,
            internal=True,
            options={"com.docker.network.bridge.inhibit_ipv4": "true"},
            labels={"stepwise.class": CLASS},
            ipam=docker.types.IPAMConfig(pool_configs=[docker.types.IPAMPool(subnet=str(free))]),
        )

    def leave(self, name):
        """Removes the network, if it exists."""
        for network in self.engine.networks.list(names=[name], greedy=True):
            if network.name == name:
                for container in network.attrs["Containers"]:
                    network.disconnect(container, force=True)
                network.remove()


ENGINE = docker.from_env()
NETWORKS = Networks(ENGINE)
SOLUTIONS = "/opt/stepwise/course/solutions"  # what a learner's folder is filled from
WITHHELD = os.environ.get("STEPWISE_SOLUTIONS") == "withheld"
PAGE = os.environ.get("STEPWISE_TEACHERS_PAGE") == "yes"
BOUND = {"size": size} if (size := os.environ.get("STEPWISE_DISK")) else {}


def try_bound():
    """Ends the Hub if the engine can't bound volumes: a bound that doesn't hold is worse than none."""
    name = f"{CLASS}-tries-the-bound"
    try:
        ENGINE.volumes.create(name, driver_opts=BOUND).remove()
    except docker.errors.APIError as refused:
        raise SystemExit(
            f"STEPWISE_DISK={size}: the engine can't bound the learners' folders: {refused.explanation}. "
            "It needs project quotas on the file system of its volumes (xfs mounted with pquota, for example). "
            "Without STEPWISE_DISK, one learner can fill the disk of all."
        ) from None


if BOUND:
    try_bound()


class CourseSpawner(Spawner):
    """Starts the course for one learner, with the limits of compose.yaml.

    Their work is in a volume named after them, which outlives the container.
    """

    container_id = Unicode()

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.container_name = f"{CLASS}-{self.user.name}"

    def get_state(self):
        return {**super().get_state(), "container_id": self.container_id}

    def load_state(self, state):
        super().load_state(state)
        self.container_id = state.get("container_id", "")

    def clear_state(self):
        super().clear_state()
        self.container_id = ""

    async def start(self):
        self.ip, self.port = "0.0.0.0", 8888  # where the server listens in its container
        await asyncio.to_thread(self.remove)
        self.container_id = await asyncio.to_thread(self.run, self.get_env())
        return f"http://{self.container_name}:8888"

    def run(self, environment):
        NETWORKS.join(self.container_name)
        work = f"{self.container_name}-work"
        ENGINE.volumes.create(work, driver_opts=BOUND)  # leaves one alone that is there
        hidden = {SOLUTIONS: "mode=755,size=4k"} if WITHHELD and not self.user.admin else {}
        return ENGINE.containers.run(
            os.environ["STEPWISE_IMAGE"],
            ["jupyterhub-singleuser", *self.get_args()],
            name=self.container_name,
            hostname=self.user.name,
            environment=environment,
            network=self.container_name,
            volumes={work: {"bind": "/home/jovyan/work", "mode": "rw"}},
            # The image has the labels of compose, which otherwise takes the learners' servers for its own.
            labels={"com.docker.compose.project": "", "stepwise.class": CLASS},
            read_only=True,
            tmpfs={"/tmp": "exec,mode=1777", "/home/jovyan": "exec,mode=755,uid=1000,gid=100", **hidden},
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            pids_limit=256,
            mem_limit="1500m",
            memswap_limit="1500m",
            detach=True,
        ).id

    def find(self):
        try:
            return ENGINE.containers.get(self.container_name)
        except docker.errors.NotFound:
            return None

    def remove(self):
        if container := self.find():
            container.stop(timeout=10)
            container.remove()
        NETWORKS.leave(self.container_name)

    async def poll(self):
        """Returns None while the server runs, and its exit status otherwise, as Spawner requires."""
        container = await asyncio.to_thread(self.find)
        if container is None:
            return 0
        if container.status != "running":
            return container.attrs["State"]["ExitCode"]
        # A Hub that runs in a new container is on no learner's network yet.
        await asyncio.to_thread(NETWORKS.join, self.container_name)
        return None

    async def stop(self, now=False):
        await asyncio.to_thread(self.remove)


c.JupyterHub.bind_url = "http://:8000"
c.JupyterHub.hub_bind_url = "http://:8081"
c.JupyterHub.hub_connect_url = "http://hub:8081"  # the alias that Networks.join gives it
c.JupyterHub.db_url = f"sqlite:///{STATE}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = "/tmp/proxy.pid"
c.JupyterHub.authenticator_class = ClassAuthenticator
c.JupyterHub.spawner_class = CourseSpawner
c.JupyterHub.cleanup_servers = False  # a restarted Hub finds them again
c.JupyterHub.log_level = "INFO"  # who came and went, and which servers started
c.Authenticator.allow_all = True  # authenticate asks the roster, which may grow
c.Authenticator.allowed_users = set(ROSTER.names())  # the Hub knows these before they log in
c.Authenticator.admin_users = {name for name, teacher in ROSTER.names().items() if teacher}
c.Spawner.env_keep = []  # learners get nothing from the Hub's own environment
c.Spawner.environment = {"LANG": "C.UTF-8"}
if PAGE:
    c.Spawner.environment["STEPWISE_NOTICES"] = (
        "Your teacher has a page that shows which exercises you have solved, and what the judge said last. It is read from progress.tsv in your folder."
    )
c.Spawner.default_url = "/lab/tree/notebooks/00-start-here.ipynb"
c.Spawner.start_timeout = 120
# Stop a kernel after half an hour of idleness, and a server after an hour.
c.Spawner.args = [
    "--MappingKernelManager.cull_idle_timeout=1800",
    "--ServerApp.shutdown_no_activity_timeout=3600",
]

c.JupyterHub.services, c.JupyterHub.load_roles = [], []
if PAGE:
    c.JupyterHub.services.append({
        "name": "class",
        "url": "http://127.0.0.1:10101",
        "command": ["python3", "/etc/jupyterhub/page.py"],
        "environment": {name: os.environ[name] for name in ("STEPWISE_LEARNERS", "STEPWISE_CLASS", "STEPWISE_IMAGE", "PATH")},
        "oauth_no_confirm": True,
    })
if token := os.environ.get("STEPWISE_HUB_TOKEN"):
    c.JupyterHub.services.append({"name": "teacher", "api_token": token})
    c.JupyterHub.load_roles.append(
        {"name": "teacher", "services": ["teacher"], "scopes": ["admin:users", "admin:servers", "tokens", "access:servers"]}
    )
