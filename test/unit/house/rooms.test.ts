import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { circlesOf, faultsOf, importsOf, readGraph, roomOf } from '../../rooms.mjs';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** A house of files and what each imports. */
const house = (files: Record<string, string[]>) => new Map(Object.entries(files));

test('imports are found in every form, and none in comments', () => {
  const text = `
    /** Not this: import { a } from './in-a-comment'; */
    // import './nor-this';
    import type { B } from './types';
    import {
      c,
      type D,
    } from "./several";
    import './for-its-effect';
    export { e } from './passed-on';
    export * from './all';
    const f = await import('./later');
    const url = new URL('./not-an-import.ts', import.meta.url);
  `;
  expect(importsOf(text)).toEqual([
    './types',
    './several',
    './for-its-effect',
    './passed-on',
    './all',
    './later',
  ]);
});

test.each([
  ['src/stage/view.ts', 'stage'],
  ['src/server/live/room.ts', 'server'],
  ['src/errors.ts', 'errors'],
  ['workers/stage.worker.ts', 'workers'],
])('%s lies in %s', (file, room) => {
  expect(roomOf(file)).toBe(room);
});

describe('the table', () => {
  const rooms = { media: [], sources: ['media'], perception: ['media'] };

  test('lets through what it names, and what a room does inside itself', () => {
    const graph = house({
      'src/sources/camera.ts': ['src/media/size.ts', 'src/sources/source.ts'],
      'src/sources/source.ts': [],
      'src/media/size.ts': [],
    });
    expect(faultsOf(graph, rooms)).toEqual([]);
  });

  test('refuses what it does not name, once for each room', () => {
    const graph = house({
      'src/perception/engine.ts': ['src/sources/source.ts', 'src/sources/camera.ts', 'src/media/size.ts'],
    });
    expect(faultsOf(graph, rooms)).toEqual([
      'src/perception/engine.ts: "perception" may not import "sources".',
    ]);
  });

  test('refuses a room that it does not know', () => {
    expect(faultsOf(house({ 'src/attic/box.ts': [] }), rooms)).toEqual([
      'src/attic/box.ts: the table of rooms does not know "attic".',
    ]);
  });
});

describe('circles', () => {
  test('are named from file to file; a diamond is none', () => {
    expect(circlesOf(house({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }))).toEqual([]);
    expect(circlesOf(house({ a: ['b'], b: ['c'], c: ['b'] }))).toEqual([['b', 'c', 'b']]);
    expect(circlesOf(house({ a: ['a'] }))).toEqual([['a', 'a']]);
  });
});

test('this house keeps its own table', () => {
  const graph = readGraph(ROOT, ['src', 'workers']);
  expect(graph.get('workers/stage.worker.ts')).toContain('src/stage/stage.ts');
  expect(faultsOf(graph)).toEqual([]);
});
