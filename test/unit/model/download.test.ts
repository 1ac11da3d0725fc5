import { describe, expect, test } from 'vitest';
import { type DownloadOptions, download } from '../../../src/model/download';
import { FakeWorld, inPieces } from './fake-world';

const URL_ = 'https://road.example/models/net.onnx';

function get(world: FakeWorld, options: Partial<DownloadOptions> = {}): Promise<ArrayBuffer> {
  return download(URL_, { fetch: world.fetch, cap: 1000, ...options });
}

function worldWith(answer: Parameters<FakeWorld['answers']['set']>[1]): FakeWorld {
  const world = new FakeWorld();
  world.answers.set(URL_, answer);
  return world;
}

describe('download', () => {
  test('puts the pieces together and tells how it goes', async () => {
    const { response } = inPieces([Uint8Array.of(8, 1), Uint8Array.of(2), Uint8Array.of(3, 4)], {
      'content-length': '5',
    });
    const progress: [number, number][] = [];
    const bytes = await get(worldWith(response), { onBytes: (...at) => progress.push(at) });
    expect([...new Uint8Array(bytes)]).toEqual([8, 1, 2, 3, 4]);
    expect(progress).toEqual([
      [0, 5],
      [2, 5],
      [3, 5],
      [5, 5],
    ]);
  });

  test('a compressed answer’s length is not that of the file', async () => {
    const { response } = inPieces([Uint8Array.of(8, 1)], {
      'content-length': '1',
      'content-encoding': 'gzip',
    });
    const totals = new Set<number>();
    await get(worldWith(response), { expected: 2, onBytes: (_, total) => totals.add(total) });
    expect([...totals]).toEqual([2]);
  });

  test('the cap holds while the bytes come in, whatever the server announced', async () => {
    const pieces = Array.from({ length: 50 }, () => new Uint8Array(100));
    const { response, state } = inPieces(pieces, { 'content-length': '10' });
    await expect(get(worldWith(response))).rejects.toMatchObject({ code: 'model-too-large' });
    expect(state).toEqual({ read: 11, cancelled: true });
  });

  test('an announced length above the cap is refused before a byte is read', async () => {
    const { response, state } = inPieces([new Uint8Array(10)], { 'content-length': '1001' });
    await expect(get(worldWith(response))).rejects.toMatchObject({ code: 'model-too-large' });
    expect(state).toEqual({ read: 0, cancelled: true });
  });

  test.for([
    [404, 'model-not-found'],
    [410, 'model-not-found'],
    [403, 'model-network'],
    [500, 'model-network'],
  ] as const)('HTTP %i is %s', async ([status, code]) => {
    const world = worldWith(() => new Response('<h1>sorry</h1>', { status }));
    await expect(get(world)).rejects.toMatchObject({
      code,
      detail: expect.stringContaining(`HTTP ${status}`),
    });
  });

  test('no connection', async () => {
    await expect(get(worldWith('broken'))).rejects.toMatchObject({ code: 'model-network' });
  });

  test('a connection that breaks in the middle', async () => {
    const body = () =>
      new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(Uint8Array.of(8));
          controller.error(new TypeError('network error'));
        },
      });
    await expect(get(worldWith(() => new Response(body())))).rejects.toMatchObject({
      code: 'model-network',
      detail: expect.stringContaining('network error'),
    });
  });

  test.for([
    [
      'by its type',
      () => new Response('whatever', { headers: { 'content-type': 'text/html; charset=utf-8' } }),
    ],
    ['by its beginning', () => new Response('\n  <!DOCTYPE html><html></html>')],
    ['behind a byte-order mark', () => new Response('\ufeff<html></html>')],
  ] as const)('a web page is told %s', async ([, answer]) => {
    await expect(get(worldWith(answer))).rejects.toMatchObject({ code: 'model-is-html' });
  });

  test('an abort is an abort, not a failure', async () => {
    const abort = new AbortController();
    const { response, state } = inPieces([Uint8Array.of(8), Uint8Array.of(1)]);
    const reading = get(worldWith(response), { signal: abort.signal, onBytes: () => abort.abort() });
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    expect(state).toEqual({ read: 1, cancelled: true });
    await expect(get(worldWith(response), { signal: abort.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
