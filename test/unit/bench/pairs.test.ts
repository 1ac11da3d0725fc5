import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findPairs } from '../../bench/evaluate/pairs';
import { ToolError } from '../../bench/tool-error';

let root: string;
let images: string;
let labels: string;

function lay(folder: string, names: readonly string[]): void {
  for (const name of names) writeFileSync(join(folder, name), '');
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'carriageway-pairs-'));
  images = join(root, 'images');
  labels = join(root, 'labels');
  mkdirSync(images);
  mkdirSync(labels);
});
afterEach(() => rmSync(root, { recursive: true }));

test('files pair by base name, in order; what has no partner is left out', () => {
  lay(images, ['b.jpg', 'a.JPEG', 'c.png', 'd.jpg', 'notes.txt']);
  lay(labels, ['a.png', 'b.png', 'c.png', 'z.png', 'notes.png']);
  expect(findPairs(images, labels).map((pair) => pair.name)).toEqual(['a', 'b', 'c']);
});

test('a limit spreads evenly over the folder', () => {
  const names = Array.from({ length: 10 }, (_, i) => `f${i}`);
  lay(
    images,
    names.map((name) => `${name}.jpg`),
  );
  lay(
    labels,
    names.map((name) => `${name}.png`),
  );
  expect(findPairs(images, labels, 3).map((pair) => pair.name)).toEqual(['f0', 'f3', 'f6']);
  expect(findPairs(images, labels, 99)).toHaveLength(10);
});

test('folders that will not do are named', () => {
  expect(() => findPairs(join(root, 'nowhere'), labels)).toThrow(ToolError);
  expect(() => findPairs(join(root, 'nowhere'), labels)).toThrow('--images');
  expect(() => findPairs(images, labels)).toThrow('no picture');
  lay(images, ['a.jpg']);
  expect(() => findPairs(images, join(root, 'nowhere'))).toThrow('--labels');
  lay(labels, ['b.png']);
  expect(() => findPairs(images, labels)).toThrow('same base name');
});
