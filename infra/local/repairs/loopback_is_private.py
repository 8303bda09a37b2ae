"""Requests on loopback count as encrypted.

MiniStack speaks plain HTTP here and tells IAM so; the bucket's policy refuses whatever
does not come over TLS, hence every request. What the rule protects against cannot happen
between two processes of one machine. That the rule stands in the template is tested in
tests/template.
"""

from ministack import app


def apply() -> None:
    pin = app.pin_request_origin
    app.pin_request_origin = lambda source_ip, _secure: pin(source_ip, True)
