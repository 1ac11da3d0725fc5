"""A vehicle by WHIP, made with aiortc: `whip_publisher.py URL TOKEN` sends grey pictures until it is ended.

It speaks HTTP by Python's own library, so that nothing but Debian's python3-aiortc is needed. It prints "connected"
when its way stands, and deletes its session when its input is closed.
"""
import asyncio
import sys
import urllib.request
from fractions import Fraction
from urllib.parse import urljoin

from aiortc import RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from av import VideoFrame


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


def ask(method, url, token, body=None):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
    request = urllib.request.Request(url, method=method, data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.headers, answer.read().decode()


async def main(url, token):
    connection = RTCPeerConnection()
    connection.addTrack(Grey())
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
    await asyncio.to_thread(sys.stdin.read)
    await asyncio.to_thread(ask, "DELETE", urljoin(url, headers["Location"]), token)
    await connection.close()


asyncio.run(main(sys.argv[1], sys.argv[2]))
