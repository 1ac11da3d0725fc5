/** A camera that the server fetches itself. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mayPull } from '../../../../src/server/live/pulls/camera-gate';
import { openLog } from '../../../../src/server/log';
import { type LiveServer, NO_WORKER, SECRET, tokenFor, WORKER } from '../../../harness/live';
import { members } from '../../../harness/live-members';
import { RtspCamera } from '../../../harness/rtsp-camera';

const ENCODER = spawnSync('ffmpeg', ['-hide_banner', '-encoders'], { encoding: 'utf8' }).stdout?.includes(
  'libx264',
);
const SKIPPED = !WORKER || !ENCODER;
if (SKIPPED)
  console.warn(`Tests of fetched cameras are skipped: ${WORKER ? 'no ffmpeg with H.264' : NO_WORKER}`);

const { keep, serve, enter } = members();

function ask(server: LiveServer, method: string, path = '', body?: object, bearer = SECRET) {
  return fetch(new URL(`/live/ingests${path}`, server.url), {
    method,
    headers: { authorization: `Bearer ${bearer}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

test.each([
  ['rtsp://camera.example/1', true],
  ['rtsps://me:hunter2@CAMERA.example:8554/1', true],
  ['rtsp://other.example/1', false],
  ['rtsp://camera.example.evil.example/1', false],
  ['rtsp://camera.example@evil.example/1', false],
  ['http://camera.example/1', false],
  ['file:///etc/passwd', false],
  ['camera.example', false],
])('%s may be fetched: %s', (url, may) => expect(mayPull(url, ['camera.example'])).toBe(may));

describe.skipIf(SKIPPED)('a camera', () => {
  const folder = mkdtempSync(join(tmpdir(), 'carriageway-pull-'));
  const clip = join(folder, 'clip.mp4');
  beforeAll(() => {
    execFileSync('ffmpeg', [
      ...['-loglevel', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=10:duration=4'],
      ...['-c:v', 'libx264', '-profile:v', 'baseline', '-pix_fmt', 'yuv420p', '-g', '5', clip],
    ]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is fetched into its room, with a password that nobody is told, and leaves when it is told to', async () => {
    const login = { name: 'me', password: 'hunter2' };
    const camera = keep(await RtspCamera.show(clip, { login }));
    const lines: string[] = [];
    const log = openLog('info', { write: (line: string) => void lines.push(line) });
    const server = await serve({ pullHosts: ['127.0.0.1'], log });
    const viewer = await enter(server, 'view');
    const url = camera.url.replace('rtsp://', 'rtsp://me:hunter2@');
    const begun = await ask(server, 'POST', '', { room: 'a', name: 'Gate', url });
    expect(begun.status).toBe(201);
    const { id } = await begun.json();
    await vi.waitFor(
      () =>
        expect(viewer.heard).toContainEqual(
          expect.objectContaining({
            event: 'vehicle-came',
            vehicle: expect.objectContaining({ name: 'Gate' }),
          }),
        ),
      { timeout: 50_000 },
    );
    const text = await (await ask(server, 'GET')).text();
    expect(JSON.parse(text)).toMatchObject({ ingests: [{ id, room: 'a', name: 'Gate' }] });
    expect(text + lines.join()).not.toContain('hunter2');
    expect((await ask(server, 'DELETE', `/${id}`)).status).toBe(204);
    await vi.waitFor(() => expect(viewer.heard.some((each) => each.event === 'vehicle-left')).toBe(true), {
      timeout: 20_000,
    });
    expect((await ask(server, 'DELETE', `/${id}`)).status).toBe(404);
  });

  test('that sends on to a host that is not allowed is not followed there, and says so', async () => {
    const other = keep(await RtspCamera.show(clip, { host: '127.0.0.2' }));
    const camera = keep(await RtspCamera.show(clip, { sendsOnTo: other.url }));
    const server = await serve({ pullHosts: ['127.0.0.1'] });
    await ask(server, 'POST', '', { room: 'a', name: 'Gate', url: camera.url });
    const state = async () => (await (await ask(server, 'GET')).json()).ingests[0].state;
    const said = `${new URL(camera.url).host} sends on to ${new URL(other.url).host}, which --pull does not allow.`;
    await vi.waitFor(async () => expect(await state()).toBe(said), { timeout: 30_000 });
    expect(camera.requests.join()).toContain('DESCRIBE rtsp://127.0.0.1:');
    expect(other.connections).toBe(0);
  });

  test('that sends on to one that is allowed is followed there', async () => {
    const other = keep(await RtspCamera.show(clip, { host: '127.0.0.2' }));
    const camera = keep(await RtspCamera.show(clip, { sendsOnTo: other.url }));
    const server = await serve({ pullHosts: ['127.0.0.1', '127.0.0.2'] });
    const viewer = await enter(server, 'view');
    await ask(server, 'POST', '', { room: 'a', name: 'Gate', url: camera.url });
    await vi.waitFor(() => expect(viewer.heard.some((each) => each.event === 'vehicle-came')).toBe(true), {
      timeout: 50_000,
    });
    expect(other.requests.join()).toContain('PLAY rtsp://127.0.0.2:');
  });

  test('that is not there is asked for again and again, until told to stop', async () => {
    const lines: string[] = [];
    const log = openLog('info', { write: (line: string) => void lines.push(line) });
    const server = await serve({ pullHosts: ['127.0.0.1'], log });
    const url = 'rtsp://me:hunter2@127.0.0.1:9/1';
    const { id } = await (await ask(server, 'POST', '', { room: 'a', name: 'Gate', url })).json();
    const complaints = () => lines.filter((line) => line.includes('is no video that can be read'));
    await vi.waitFor(() => expect(complaints().length).toBeGreaterThanOrEqual(2), { timeout: 30_000 });
    expect(lines.join()).not.toContain('hunter2');
    expect((await ask(server, 'DELETE', `/${id}`)).status).toBe(204);
    expect((await (await ask(server, 'GET')).json()).ingests).toEqual([]);
  });

  test('is fetched for who may, from where it is allowed', async () => {
    const server = await serve({ pullHosts: ['camera.example'] });
    const wish = (url: string, room = 'a') => ({ room, name: 'Gate', url });
    const allowed = wish('rtsp://camera.example/1');
    expect((await ask(server, 'POST', '', wish('rtsp://10.0.0.1/1'))).status).toBe(403);
    expect((await ask(server, 'POST', '', { room: 'a' })).status).toBe(400);
    const guest = await tokenFor(server.url, { room: 'a', role: 'view', invites: true });
    expect((await ask(server, 'POST', '', allowed, guest)).status).toBe(403);
    expect((await ask(server, 'GET', '', undefined, 'nonsense')).status).toBe(401);
    const admin = await tokenFor(server.url, { room: 'a', role: 'view', may: ['admin'] });
    expect((await ask(server, 'POST', '', wish('rtsp://camera.example/1', 'b'), admin)).status).toBe(403);
    expect((await (await ask(server, 'GET', '', undefined, admin)).json()).ingests).toEqual([]);
  });
});
