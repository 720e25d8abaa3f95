"""The servers that `ses_endpoint` is compared with, and the clients that send to them."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager

# Senders that speak HTTP without an SDK, which would take longer than the servers. They run in a process
# of their own, and so does the server.
SENDERS = """
import http.client, json, sys, threading, time

port, threads, sends = map(int, sys.argv[1:])
scope = "AKIAFLOOR/20260101/us-east-1/ses/aws4_request"
signature = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
headers = {"Authorization": signature, "Content-Type": "application/json"}
body = json.dumps({
    "FromEmailAddress": "news@example.com",
    "Destination": {"ToAddresses": ["ada@example.org"]},
    "Content": {"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Hi Ada"}}}},
})

def send(connection):
    connection.request("POST", "/v2/email/outbound-emails", body, headers)
    response = connection.getresponse()
    assert response.status == 200, response.read()
    response.read()

def send_all(connection):
    for _ in range(sends):
        send(connection)

connections = [http.client.HTTPConnection("127.0.0.1", port) for _ in range(threads)]
for connection in connections:
    send(connection)
senders = [threading.Thread(target=send_all, args=[connection]) for connection in connections]
start = time.perf_counter()
for sender in senders:
    sender.start()
for sender in senders:
    sender.join()
print(threads * sends / (time.perf_counter() - start))
"""
SERVERS = {
    "ours": """
from pytest_ses import SESBackend
from pytest_ses.endpoint.server import Server

server = Server()
server.start()
session = server.session(SESBackend(verified=["*"]))
session.__enter__()
port = server.port
""",
    "moto": """
import logging
import boto3
from moto.server import ThreadedMotoServer

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
_, port = server.get_host_and_port()
ses = boto3.client(
    "ses", region_name="us-east-1", endpoint_url=f"http://127.0.0.1:{port}",
    aws_access_key_id="AKIAFLOOR", aws_secret_access_key="floor",
)
ses.verify_email_identity(EmailAddress="news@example.com")
""",
}


@contextmanager
def server(name):
    """A server in a process of its own; yields its port."""
    code = f"{SERVERS[name]}\nimport sys\nprint(port, flush=True)\nsys.stdin.read()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as process:
        yield int(process.stdout.readline())
        process.stdin.close()
