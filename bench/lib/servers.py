# SPDX-License-Identifier: Apache-2.0
"""The servers that everyone is measured against: nginx as A and B, and the small ones of bench/."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

# Two workers that share a port by SO_REUSEPORT, as nginx is set up on a machine with two cores.
CONFIGURATION = """
daemon off; user root; worker_processes 2; worker_rlimit_nofile 16384;
pid {folder}/pid; error_log {folder}/error.log crit;
events {{ worker_connections 8192; }}
http {{
    access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
    uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
    server {{
        listen 0.0.0.0:{port} ssl reuseport backlog=16384;
        {settings}
        ssl_certificate {certificates}/rsa.pem; ssl_certificate_key {certificates}/rsa.key;
        ssl_certificate {certificates}/ecdsa.pem; ssl_certificate_key {certificates}/ecdsa.key;
        return 204;
    }}
}}
"""
SETTINGS_A = "ssl_protocols TLSv1.2 TLSv1.3;"
# Every suite of OpenSSL's that needs no parameters of its own: nginx has no finite-field DH without a file.
SETTINGS_B = "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ALL:@SECLEVEL=0;"


def make_certificates(folder):
    """Makes a certificate of each key type."""
    kinds = {"rsa": ("rsa:2048",), "ecdsa": ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")}
    for name, key in kinds.items():
        words = ("req", "-x509", "-newkey", *key, "-nodes", "-days", "2", "-subj", "/CN=localhost")
        openssl(*words, "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem")


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True, timeout=60)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A process that answers on a port, and what it spent."""

    def __init__(self, process, port):
        self.process, self.port = process, port

    def cpu_ms(self):
        """Returns the CPU time of the process and its children so far."""
        pids = [self.process.pid]
        for task in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            pids += [int(pid) for pid in task.read_text().split()]
        return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in pids) / 1e6

    def close(self):
        self.process.terminate()
        self.process.wait(20)


def start_nginx(folder, certificates, settings):
    """Starts nginx on every address of this machine. Returns it as soon as it accepts."""
    folder.mkdir()
    port = free_port()
    configuration = folder / "nginx.conf"
    values = {"folder": folder, "certificates": certificates, "port": port}
    configuration.write_text(CONFIGURATION.format(settings=settings, **values))
    nginx = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    process = subprocess.Popen([nginx or "nginx", "-e", folder / "error.log", "-c", configuration])
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return Server(process, port)
        time.sleep(0.02)
    process.kill()
    raise RuntimeError("nginx did not start: " + (folder / "error.log").read_text())


def start_small(tools, name, *words):
    """Starts one of bench/'s own servers, which prints its port."""
    process = subprocess.Popen([tools / name, *words], stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    if not line.strip():
        raise RuntimeError(f"{name} did not start")
    return Server(process, int(line))
