/** What viewers share, as the server reads it: counted by vehicle, and kept beside a recording. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { readMaskFile } from '../../../../src/live/mask-file';
import { decodeMask, encodeMask } from '../../../../src/live/shared-mask';
import { MaskLog } from '../../../../src/server/live/recording/mask-log';
import { RecordingStore } from '../../../../src/server/live/recording/store';
import { SharedMasks } from '../../../../src/server/live/shared-masks';
import { NO_LOG } from '../../../../src/server/log';
import { NO_WORKER, SECRET, tokenFor, WORKER } from '../../../harness/live';
import { members } from '../../../harness/live-members';
import { SOON } from '../../../harness/soon';

if (!WORKER) console.warn(`Tests of shared masks on the server are skipped: ${NO_WORKER}`);

const { keep, serve } = members();

function maskOf(vehicle: string, age = 0) {
  const [width, height] = [8, 4];
  const classes = new Uint8Array(width * height);
  return encodeMask({ vehicle, width, height, classes, share: 1, edges: [], age });
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'carriageway-masks-'));
  keep({ [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) });
  return path;
}

describe.skipIf(!WORKER)('a viewer’s channel', () => {
  test('is read where it comes in: masks of vehicles of its room count, and nothing else does', async () => {
    const server = await serve();
    const placed = await server.pool.place('a');
    if (!placed) throw new Error('There is no worker.');
    const transport = await placed.router.createDirectTransport();
    const source = await transport.produceData({ label: 'masks' });
    const kept: string[] = [];
    const masks = new SharedMasks(NO_LOG, ({ vehicle }) => kept.push(vehicle));
    const room = { name: 'a', homeOf: (vehicle: string) => (vehicle === 'here' ? {} : undefined) };
    await masks.listen(room, source, { ...placed, consumers: 0 });
    for (const bytes of [maskOf('here'), maskOf('elsewhere'), Uint8Array.of(1, 2, 3), maskOf('here')])
      source.send(Buffer.from(bytes));
    await vi.waitFor(() => expect(masks.of('here')).toBe(2), SOON);
    expect(kept).toEqual(['here', 'here']);
    expect(masks.of('elsewhere')).toBe(0);
    masks.forget('here');
    expect(masks.of('here')).toBe(0);
    transport.close();
    expect(server.pool.health).toEqual({ running: 1, died: 0 });
  });
});

describe('beside a recording', () => {
  const START = Date.UTC(2026, 2, 1, 10, 15, 0, 123);
  const KEEP = { bytes: 1e9, age: 86_400_000 };

  test('masks are kept with the moment that they show, not too often, a file a minute', () => {
    const where = folder();
    const store = new RecordingStore(where, KEEP);
    let now = START;
    const log = new MaskLog({ room: 'a', vehicle: 'Bus 7', seconds: 60 }, store, NO_LOG, () => now);
    for (const later of [0, 100, 500, 60_500]) {
      now = START + later;
      log.keep({ age: 300 }, maskOf('v', 300));
    }
    const files = store.masks('a');
    expect(files.map(({ file, vehicle }) => [file, vehicle])).toEqual([
      ['20260301_101500_123_Bus_7.masks', 'Bus_7'],
      ['20260301_101600_623_Bus_7.masks', 'Bus_7'],
    ]);
    const read = files.flatMap(({ file }) => [...readMaskFile(readFileSync(join(where, 'a', file)))]);
    expect(read.map(({ camera, clock }) => [camera, clock - START])).toEqual([
      ['Bus_7', -300],
      ['Bus_7', 200],
      ['Bus_7', 60_200],
    ]);
    for (const { bytes } of read) expect(decodeMask(bytes)).toMatchObject({ vehicle: 'v', age: 300 });
    // They are no pictures, and go with them when it is too much.
    expect(store.list('a')).toEqual([]);
    new RecordingStore(where, { ...KEEP, bytes: files[1]!.bytes }).prune();
    expect(readdirSync(join(where, 'a'))).toEqual([files[1]!.file]);
  });

  test('masks that cannot be written cost nothing but themselves', () => {
    const where = folder();
    const store = new RecordingStore(where, KEEP);
    const log = new MaskLog({ room: 'a', vehicle: 'Van', seconds: 60 }, store, NO_LOG);
    rmSync(where, { recursive: true });
    const path = vi.spyOn(store, 'masksFrom').mockImplementation(() => {
      throw new Error('disk full');
    });
    expect(() => log.keep({ age: 0 }, maskOf('v'))).not.toThrow();
    expect(path).toHaveBeenCalled();
  });

  test('are listed and fetched by who may look, like the pictures', async () => {
    const where = folder();
    const server = await serve({ bare: true, recording: { folder: where, keep: KEEP } });
    const store = new RecordingStore(where, KEEP);
    new MaskLog({ room: 'a', vehicle: 'Van', seconds: 60 }, store, NO_LOG).keep({ age: 0 }, maskOf('v'));
    const ask = (path: string, token: string) =>
      fetch(new URL(`/live/recordings${path}`, server.url), {
        headers: { authorization: `Bearer ${token}` },
      });
    const replay = await tokenFor(server.url, { room: 'a', role: 'view', may: ['replay'] });
    const stranger = await tokenFor(server.url, { room: 'b', role: 'view', may: ['replay'] });
    const { masks } = await (await ask('', replay)).json();
    expect(masks).toMatchObject([{ room: 'a', vehicle: 'Van' }]);
    expect((await (await ask('', stranger)).json()).masks).toEqual([]);
    const path = `/a/${masks[0].file}`;
    const file = await ask(path, replay);
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'application/octet-stream']);
    expect([...readMaskFile(new Uint8Array(await file.arrayBuffer()))]).toHaveLength(1);
    expect((await ask(path, stranger)).status).toBe(404);
    expect((await ask(path, SECRET)).status).toBe(200);
  });
});
