"""What one request gave: the exchanges as they went over the wire, for the raw record."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP request and its response; heads in HTTP/1.1 form whatever the protocol was, which `protocol` names.

    `protocol` is as WARC-Protocol has it, parted by commas where there are two: "http/1.1", "h2,tls/1.3".

    `request` and `response` are whole heads, start line to empty line, with the fields in their order. `payload` is
    what came after the head, out of its transfer coding and still in its content coding. `address` is the IP address
    that was connected to. `truncated` is None where the payload is whole, else "length", "time", "disconnect" or, where
    it was not wanted, "unspecified" (WARC 1.1, WARC-Truncated).
    """

    url: str
    request: bytes
    response: bytes
    payload: bytes
    protocol: str
    address: str
    truncated: str | None = None
