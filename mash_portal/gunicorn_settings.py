"""How gunicorn serves the portal, in production and beside the checkout alike. The web command names this file."""

import os
from pathlib import Path

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
# Browsers open connections ahead of need and leave them idle: a sync worker would wait on one and answer nobody.
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True
# Workers prove that they live by touching a file, which must never wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - memory, not a place to keep things
timeout = 30
graceful_timeout = 10
control_socket_disable = True
accesslog = "-"
# Method, path, answer, size and microseconds. No query string: people's names are searched for in it.
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(D)s"
