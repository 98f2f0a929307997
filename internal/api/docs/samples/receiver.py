# WEBHOOK_SECRET=whsec_… python3 receiver.py
import base64, hashlib, hmac, os, time
from http.server import BaseHTTPRequestHandler, HTTPServer

key = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))


def signed(headers, body):
    """Tell whether the body was signed with the key in the last five minutes."""
    message_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > 300:
        return False
    content = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(key, content, hashlib.sha256).digest()
    want = b"v1," + base64.b64encode(digest)
    signatures = headers.get("webhook-signature", "").encode().split()
    return any(hmac.compare_digest(got, want) for got in signatures)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))  # the bytes as they came
        good = signed(self.headers, body)
        self.send_response(204 if good else 401)
        self.end_headers()
        if good:
            print(self.headers["webhook-id"], body.decode(), flush=True)


HTTPServer(("localhost", int(os.environ.get("PORT", 9000))), Receiver).serve_forever()
