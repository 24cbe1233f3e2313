"""Distributions answer at an address of their own, as they do at a host name of their own on AWS."""

import os

from ministack import app as ministack
from ministack.core import iam_evaluator
from ministack.services import cloudfront

from overlay import apigateway

ADDRESSES = [f"{os.environ['EMULATOR_BLOCK']}.{host}" for host in range(8, 16)]
PORT = 80
TLS_PORT = 443


def _new_domain():
    # "Use custom URLs by adding alternate domain names": a distribution is reached at the name that CloudFront gives it,
    # such as d111111abcdef8.cloudfront.net. No resolver knows that name here, so an address stands for it.
    taken = {distribution["DomainName"] for distribution in cloudfront._distributions.values()}
    free = [address for address in ADDRESSES if address not in taken]
    if not free:
        raise ValueError(f"The emulator has addresses for {len(ADDRESSES)} distributions, and all are taken.")
    return free[0]


cloudfront._new_distribution_domain = _new_domain


def _address_in(host):
    address = host.split(":")[0]
    return address if address in ADDRESSES else None


def _distribution_at(address):
    at_it = (d for d in cloudfront._distributions.values() if d["DomainName"] == address)
    return next(at_it, None)


ministack._parse_cloudfront_dataplane_host = _address_in
cloudfront.find_distribution_for_label = _distribution_at

_target_of = cloudfront._origin_connect_target


def _plain_to_apis(origin, viewer_is_https):
    # An HTTP API is behind TLS at its host name ("Security policy for HTTP APIs"); the address that stands for it here
    # speaks HTTP.
    if origin["domain_name"] in apigateway.ADDRESSES:
        return origin["domain_name"], apigateway.PORT, False
    return _target_of(origin, viewer_is_https)


cloudfront._origin_connect_target = _plain_to_apis

_fetch = cloudfront._fetch_from_origin


async def _fetch_as_viewer(origin, method, uri, query, headers, body, viewer_is_https, client_ip, *others):
    # "Require HTTPS for communication between CloudFront and your Amazon S3 origin": requests go to Amazon S3 by the
    # viewer's own protocol, which policies ask for as aws:SecureTransport.
    iam_evaluator.pin_request_origin(client_ip, viewer_is_https)
    return await _fetch(origin, method, uri, query, headers, body, viewer_is_https, client_ip, *others)


cloudfront._fetch_from_origin = _fetch_as_viewer

_methods_of = cloudfront._dataplane_allowed_methods


def _methods_or_default(behavior):
    # "Distribution settings reference", "Allowed HTTP methods": GET and HEAD are the first choice, and the least.
    return _methods_of(behavior) or ["GET", "HEAD"]


cloudfront._dataplane_allowed_methods = _methods_or_default


def headers_of(scope):
    """Those of a viewer, with the one that MiniStack reads the viewer's protocol from."""
    given = [(name, value) for name, value in scope["headers"] if name != b"x-forwarded-proto"]
    return [*given, (b"x-forwarded-proto", scope["scheme"].encode())]
