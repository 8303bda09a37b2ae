"""HTTP on loopback as a test needs it: no proxy, no redirect followed, every status an answer."""

import json
import urllib.error
import urllib.parse
import urllib.request

PATIENCE = 30.0


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


def http(url: str, method: str | None = None, headers: dict | None = None, body=None, form=None):
    """Status and answer (JSON where it is) of a request on loopback."""
    content, headers = None, dict(headers or {})
    if body is not None:
        content, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
    if form is not None:
        content = urllib.parse.urlencode(form).encode()
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    request = urllib.request.Request(url, content, headers, method=method)
    try:
        with OPENER.open(request, timeout=PATIENCE) as answer:
            return answer.status, _read(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, _read(refused)


def _read(answer):
    content = answer.read()
    if 300 <= answer.status < 400:
        return answer.headers["Location"]
    is_json = "json" in answer.headers.get("Content-Type", "")
    return json.loads(content) if is_json else content.decode("utf-8", "replace")
