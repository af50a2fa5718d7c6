"""The teacher's page: a service of the Hub, read-only, for teachers alone.

It is there if STEPWISE_TEACHERS_PAGE is set. Learners are told so when they open Lab.
"""

import asyncio
import os

import docker
from jupyterhub.services.auth import HubOAuthCallbackHandler, HubOAuthenticated
from roster import Roster
from tornado import web
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop

import volumes

ROSTER = Roster(os.environ["STEPWISE_LEARNERS"], "/srv/hub")
ENGINE = docker.from_env()
PREFIX = os.environ["JUPYTERHUB_SERVICE_PREFIX"]
making = asyncio.Lock()  # one table at a time, however often it is asked for


class Page(HubOAuthenticated, web.RequestHandler):
    @web.authenticated
    async def get(self):
        learners = [name for name, teacher in ROSTER.names().items() if not teacher]
        async with making:
            text = await asyncio.to_thread(volumes.progress, ENGINE, learners)
        self.set_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.write(text)


if __name__ == "__main__":
    pages = web.Application([(PREFIX, Page), (PREFIX + "oauth_callback", HubOAuthCallbackHandler)], cookie_secret=os.urandom(32))
    HTTPServer(pages).listen(10101, "127.0.0.1")
    IOLoop.current().start()
