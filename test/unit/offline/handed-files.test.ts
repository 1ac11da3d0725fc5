import { expect, test } from 'vitest';
import { keepShared, takeShared } from '../../../src/offline/handed-files';

/** A store in memory with one cache. */
function store(fails = false) {
  const entries = new Map<string, Response>();
  const cache = {
    put: async (key: string, response: Response) => {
      if (fails) throw new DOMException('full', 'QuotaExceededError');
      entries.set(key, response);
    },
    keys: async () => [...entries.keys()],
    match: async (key: string) => entries.get(key),
  };
  const caches = { open: async () => cache, delete: async () => entries.clear() };
  return { caches: caches as unknown as CacheStorage, entries };
}

const share = (files: readonly File[]) => {
  const body = new FormData();
  for (const file of files) body.append('files', file);
  return new Request('http://page.invalid/share', { method: 'POST', body });
};

/** Redirects need a base, which a service worker has. */
const target = (response: Response) => response.headers.get('location');

test('what is shared is taken once, with name, type and content', async () => {
  const { caches } = store();
  const answer = await keepShared(share([new File(['abc'], 'Fahrt ü 1.mp4', { type: 'video/mp4' })]), caches);
  expect([answer.status, target(answer)]).toEqual([303, '/?source=file&shared=files']);
  const [file] = await takeShared(caches);
  expect([file?.name, file?.type, await file?.text()]).toEqual(['Fahrt ü 1.mp4', 'video/mp4', 'abc']);
  expect(await takeShared(caches)).toEqual([]);
});

test('too many files, or a store that is full, are refused, and nothing stays', async () => {
  const many = Array.from({ length: 21 }, (_, i) => new File(['x'], `${i}.mp4`));
  const { caches, entries } = store();
  expect(target(await keepShared(share(many), caches))).toBe('/?source=file&shared=too-large');
  const full = store(true);
  expect(target(await keepShared(share(many.slice(0, 2)), full.caches))).toMatch(/too-large$/);
  expect(entries.size + full.entries.size).toBe(0);
});

test('a share that is none opens the page without files', async () => {
  const { caches } = store();
  const odd = new Request('http://page.invalid/share', { method: 'POST', body: 'not a form' });
  expect(target(await keepShared(odd, caches))).toBe('/?source=file&shared=files');
  expect(await takeShared(caches)).toEqual([]);
});
