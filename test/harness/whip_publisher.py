"""A vehicle by WHIP, made with aiortc: `whip_publisher.py URL TOKEN [WORDS…]` sends grey pictures until it is ended.

It speaks HTTP by Python's own library, so that nothing but Debian's python3-aiortc is needed. It prints "connected"
when its way stands, and deletes its session when its input is closed. With WORDS, the header extensions of its first
packets are that long, in words of four bytes, one packet each; it prints "swollen" when these are out.
"""
import asyncio
import struct
import sys
import urllib.request
from fractions import Fraction
from urllib.parse import urljoin

from aiortc import RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from av import VideoFrame
from pylibsrtp import ffi


class Grey(VideoStreamTrack):
    """Pictures of 160 × 96, each a little lighter than the one before."""

    count = 0

    async def recv(self):
        pts, time_base = await self.next_timestamp()
        frame = VideoFrame(160, 96, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([self.count % 256]) * plane.buffer_size)
        self.count += 1
        frame.pts, frame.time_base = pts, Fraction(time_base)
        return frame


def swollen(packet, words):
    """The same RTP packet with a header extension of so many words (RFC 8285, one-byte headers; padding alone)."""
    start = 12 + 4 * (packet[0] & 0x0F)
    end = start
    if packet[0] & 0x10:
        end += 4 + 4 * struct.unpack_from("!H", packet, start + 2)[0]
    extension = struct.pack("!HH", 0xBEDE, words) + bytes(4 * words)
    return bytes([packet[0] | 0x10]) + packet[1:start] + extension + packet[end:]


def swell(transport, sizes):
    """Has the next packets of a DTLS transport swollen; they are encrypted like any other, by its own keys."""
    send = transport._send_rtp
    srtp = transport._tx_srtp
    # The room that this library has is for packets that a link carries.
    srtp._cdata = ffi.new("char[]", 65536)
    srtp._buffer = ffi.buffer(srtp._cdata)

    async def send_swollen(data):
        # RTCP has the types 192 to 223 (RFC 5761, 4).
        if sizes and not 192 <= data[1] <= 223:
            data = swollen(data, sizes.pop(0))
            if not sizes:
                print("swollen", flush=True)
        await send(data)

    transport._send_rtp = send_swollen


def ask(method, url, token, body=None):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
    request = urllib.request.Request(url, method=method, data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.headers, answer.read().decode()


async def main(url, token, sizes):
    connection = RTCPeerConnection()
    sender = connection.addTrack(Grey())
    connected = asyncio.Event()

    @connection.on("connectionstatechange")
    def changed():
        if connection.connectionState == "connected":
            connected.set()

    await connection.setLocalDescription(await connection.createOffer())
    offer = connection.localDescription.sdp.encode()
    headers, answer = await asyncio.to_thread(ask, "POST", url, token, offer)
    await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    await asyncio.wait_for(connected.wait(), 20)
    print("connected", flush=True)
    if sizes:
        swell(sender.transport, sizes)
    await asyncio.to_thread(sys.stdin.read)
    await asyncio.to_thread(ask, "DELETE", urljoin(url, headers["Location"]), token)
    await connection.close()


asyncio.run(main(sys.argv[1], sys.argv[2], [int(words) for words in sys.argv[3:]]))
