/** A browser's plain WebRTC by HTTP alone: a picture in by WHIP, and out by WHEP. Nothing of the page's code is used. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestBrowser, type WatchedPage } from '../harness/browser';
import { type LiveServer, NO_WORKER, serveLive, tokenFor, WORKER } from '../harness/live';

if (!WORKER) console.warn(`Journeys by WHIP and WHEP are skipped: ${NO_WORKER}`);

/** What a page keeps between two steps. */
interface Kept {
  connection: RTCPeerConnection;
  answer: string;
  location: string;
  tag: string;
  token: string;
}

declare global {
  interface Window {
    kept: Kept;
  }
}

/** Sends a moving picture. @param layers how many sizes of it */
function send(page: Page, token: string, layers: number): Promise<void> {
  return page.evaluate(
    async ([token, layers]) => {
      const canvas = document.body.appendChild(document.createElement('canvas'));
      canvas.width = 320;
      canvas.height = 180;
      const context = canvas.getContext('2d');
      let count = 0;
      setInterval(() => {
        if (!context) return;
        context.fillStyle = `hsl(${count * 10} 80% 50%)`;
        context.fillRect(0, 0, 320, 180);
        context.fillStyle = 'white';
        context.fillRect((count++ * 7) % 320, 40, 40, 100);
      }, 100);
      const [track] = canvas.captureStream(10).getVideoTracks();
      const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
      const encodings = [{ rid: 'small', scaleResolutionDownBy: 2 }, { rid: 'full' }];
      connection.addTransceiver(track!, {
        direction: 'sendonly',
        ...(layers > 1 ? { sendEncodings: encodings } : {}),
      });
      await connection.setLocalDescription();
      const begun = await fetch('/live/whip', {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/sdp' },
        body: connection.localDescription!.sdp,
      });
      if (begun.status !== 201) throw new Error(`status ${begun.status}`);
      const answer = await begun.text();
      await connection.setRemoteDescription({ type: 'answer', sdp: answer });
      const [location, tag] = ['location', 'etag'].map((name) => begun.headers.get(name) ?? '');
      window.kept = { connection, answer, location: location!, tag: tag!, token };
    },
    [token, layers] as const,
  );
}

/** Receives one, and waits until so many pictures were shown. @returns their last size */
function receive(page: Page, token: string, vehicle: string): Promise<readonly [number, number]> {
  return page.evaluate(
    async ([token, vehicle]) => {
      const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
      connection.addTransceiver('audio', { direction: 'recvonly' });
      connection.addTransceiver('video', { direction: 'recvonly' });
      const video = document.body.appendChild(document.createElement('video'));
      video.muted = true;
      video.autoplay = true;
      connection.ontrack = ({ track }) => {
        if (track.kind === 'video') video.srcObject = new MediaStream([track]);
      };
      await connection.setLocalDescription();
      const begun = await fetch(`/live/whep/${encodeURIComponent(vehicle)}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/sdp' },
        body: connection.localDescription!.sdp,
      });
      if (begun.status !== 201) throw new Error(`status ${begun.status}`);
      const answer = await begun.text();
      await connection.setRemoteDescription({ type: 'answer', sdp: answer });
      const [location, tag] = ['location', 'etag'].map((name) => begun.headers.get(name) ?? '');
      window.kept = { connection, answer, location: location!, tag: tag!, token };
      for (let shown = 0; shown < 10; shown++)
        await new Promise<void>((resolve) => void video.requestVideoFrameCallback(() => resolve()));
      return [video.videoWidth, video.videoHeight] as const;
    },
    [token, vehicle] as const,
  );
}

/** Waits for so many more pictures. */
function more(page: Page, count: number): Promise<void> {
  return page.evaluate(async (count) => {
    const video = document.querySelector('video')!;
    for (let shown = 0; shown < count; shown++)
      await new Promise<void>((resolve) => void video.requestVideoFrameCallback(() => resolve()));
  }, count);
}

/** Begins a way anew. @returns names of the server's way, before and after */
function restart(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const { connection, answer, location, token } = window.kept;
    const line = (text: string, name: string) => new RegExp(`a=${name}:(\\S+)`).exec(text)?.[1] ?? '';
    connection.restartIce();
    await connection.setLocalDescription();
    const own = connection.localDescription!.sdp;
    const patched = await fetch(location, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/trickle-ice-sdpfrag',
        'if-match': '*',
      },
      body: `a=ice-ufrag:${line(own, 'ice-ufrag')}\r\na=ice-pwd:${line(own, 'ice-pwd')}\r\n`,
    });
    if (patched.status !== 200) throw new Error(`status ${patched.status}`);
    const fragment = await patched.text();
    const sdp = answer
      .replaceAll(/a=ice-ufrag:\S+/g, `a=ice-ufrag:${line(fragment, 'ice-ufrag')}`)
      .replaceAll(/a=ice-pwd:\S+/g, `a=ice-pwd:${line(fragment, 'ice-pwd')}`);
    await connection.setRemoteDescription({ type: 'answer', sdp });
    return [line(answer, 'ice-ufrag'), line(fragment, 'ice-ufrag')];
  });
}

function end(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { location, token, connection } = window.kept;
    const ended = await fetch(location, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
    connection.close();
    return ended.status;
  });
}

describe.skipIf(!WORKER)('WHIP and WHEP', () => {
  let server: LiveServer;
  let browser: TestBrowser;
  const pages: WatchedPage[] = [];

  beforeAll(async () => {
    server = await serveLive();
    browser = await TestBrowser.launch({ webgpu: false, flags: ['--allow-loopback-in-peer-connection'] });
  });
  afterAll(async () => {
    for (const page of pages) await page[Symbol.asyncDispose]();
    await browser?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const open = async () => {
    const watched = await browser.open();
    pages.push(watched);
    // Any address of the server will do: there is no page of ours here.
    await watched.page.goto(server.url);
    return watched.page;
  };

  test.each([
    ['one size', 1],
    ['two sizes', 2],
  ])('a picture of %s goes from one page to another, also after both ways began anew', async (_, layers) => {
    const room = `whip${layers}`;
    const [vehicle, viewer] = [await open(), await open()];
    await send(vehicle, await tokenFor(server.url, { room, role: 'publish', name: 'Van' }), layers);
    const size = await receive(viewer, await tokenFor(server.url, { room, role: 'view' }), 'Van');
    expect([
      [320, 180],
      [160, 90],
    ]).toContainEqual(size);
    for (const page of [vehicle, viewer]) {
      const [before, after] = await restart(page);
      expect(after).not.toBe(before);
      await more(viewer, 5);
    }
    expect(await end(viewer)).toBe(200);
    expect(await end(vehicle)).toBe(200);
  });
});
