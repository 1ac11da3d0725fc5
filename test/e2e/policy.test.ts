/** No frame leaves: the policy of the page alone would keep it in, and nothing of the page itself is in its way. */
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { TestBrowser, type WatchedPage } from '../harness/browser';
import { waitForFigure, waitForMasks } from '../harness/journey';
import { NO_WORKER, WORKER } from '../harness/live';
import { grows, LiveRoom, lookWith } from '../harness/live-room';
import { servePage, type TestServer } from '../harness/serve';

/** What the browser kept the page, or one of its workers, from doing. */
function violationsOf(watched: WatchedPage): string[] {
  return watched.complaints.filter((line) => /Content.Security.Policy|violates/i.test(line));
}

describe('a page', () => {
  let server: TestServer;
  let elsewhere: Server;
  let asked: string[];
  let away = '';
  let browser: TestBrowser;
  beforeAll(async () => {
    server = await servePage();
    asked = [];
    // Another origin, which would take everything.
    elsewhere = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
      response.end();
    });
    new WebSocketServer({ server: elsewhere }).on('connection', () => asked.push('socket'));
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const bound = elsewhere.address();
    away = `127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;
    browser = await TestBrowser.launch({ webgpu: false });
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    elsewhere?.close();
    await server?.[Symbol.asyncDispose]();
  });

  test('reaches its own server and nobody else, by whatever way', async () => {
    await using watched = await browser.open();
    await watched.page.goto(server.url);
    const outcome = await watched.page.evaluate(async (host) => {
      const fetched = (url: string) =>
        fetch(url, { mode: 'no-cors' }).then(
          () => 'came',
          () => 'failed',
        );
      const socket = (url: string) =>
        new Promise<string>((resolve) => {
          try {
            const opened = new WebSocket(url);
            opened.onopen = () => resolve('came');
            opened.onerror = () => resolve('failed');
          } catch {
            resolve('failed');
          }
        });
      const image = (url: string) =>
        new Promise<string>((resolve) => {
          const element = new Image();
          element.onload = () => resolve('came');
          element.onerror = () => resolve('failed');
          element.src = url;
        });
      // A text that becomes script. In a task of its own: the debugger's own evaluations are let through.
      const made = await new Promise<string>((resolve) =>
        setTimeout(() => {
          try {
            resolve(String(new Function('return 7')()));
          } catch {
            resolve('failed');
          }
        }),
      );
      return {
        own: await fetched('/favicon.svg'),
        fetch: await fetched(`http://${host}/fetch`),
        socket: await socket(`ws://${host}/`),
        image: await image(`http://${host}/image.png`),
        beacon: navigator.sendBeacon(`http://${host}/beacon`, 'x') ? 'queued' : 'failed',
        made,
      };
    }, away);
    expect(outcome).toMatchObject({
      own: 'came',
      fetch: 'failed',
      socket: 'failed',
      image: 'failed',
      made: 'failed',
    });
    expect(asked).toEqual([]);
    expect(violationsOf(watched).length).toBeGreaterThanOrEqual(4);
  });

  test.each(['cpu', 'wasm'])('drives on the processor (%s) without a violation', async (engine) => {
    await using watched = await browser.open();
    await watched.page.goto(`${server.url}?source=drive&engine=${engine}&mode=classes`);
    await waitForMasks(watched.page);
    await waitForFigure(watched.page, 'hud-frames', (n) => n > 3);
    expect(watched.complaints).toEqual([]);
  });
});

describe.skipIf(!WORKER)('a room', () => {
  if (!WORKER) console.warn(`The journey through a room is skipped: ${NO_WORKER}`);

  test('is looked at and sent into without a violation', async () => {
    await using room = await LiveRoom.open('policy');
    const viewer = await room.look(lookWith('pspnet-wasm'));
    const bus = await room.send('Bus', 'drive&size=small&fps=2&seed=1');
    await grows(viewer.page, 'Bus', 'masks', 2);
    expect(violationsOf(viewer)).toEqual([]);
    expect(violationsOf(bus)).toEqual([]);
  });
});
