import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runTool } from '../../bench/tools';
import { colourReader } from '../../fixtures/networks/colour-reader';
import { encodePng } from '../../fixtures/png';

let root: string;
let said: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'carriageway-tool-'));
  said = [];
  vi.spyOn(console, 'error').mockImplementation((line) => void said.push(String(line)));
  const { bytes, manifest } = colourReader(32, 16);
  lay('network', 'good.onnx', bytes);
  lay('network', 'good.json', JSON.stringify(manifest));
  lay('images', 'a.png', encodePng(new Uint8Array(12), { width: 2, height: 2, colour: 2 }));
  lay('labels', 'a.png', encodePng(Uint8Array.of(0, 1, 8, 255), { width: 2, height: 2, colour: 0 }));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true });
});

function lay(folder: string, name: string, bytes: Buffer | string): void {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, name), bytes);
}

/** Runs the tool on what must be refused before a browser is started. */
async function refused(argv: Record<string, string>): Promise<string> {
  const all = {
    images: join(root, 'images'),
    labels: join(root, 'labels'),
    model: join(root, 'network', 'good.onnx'),
    ...argv,
  };
  const code = await runTool([
    'evaluate',
    ...Object.entries(all).flatMap(([key, value]) => [`--${key}`, value]),
  ]);
  expect(code).toBe(1);
  expect(said).toHaveLength(1);
  return said[0]!;
}

test('an unknown tool is refused with the known ones', async () => {
  expect(await runTool(['evalute'])).toBe(1);
  expect(said[0]).toContain('evaluate');
  expect(await runTool(['constructor'])).toBe(1);
});

describe('what cannot be evaluated is one sentence', () => {
  test('a folder that is not there', async () => {
    expect(await refused({ images: join(root, 'nowhere') })).toContain('nowhere');
  });

  test('an id that the format does not know', async () => {
    expect(await refused({ format: 'drivable' })).toContain('holds the id 8');
  });

  test('a network of an unknown name', async () => {
    expect(await refused({ model: 'pspnet-huge' })).toContain('no network "pspnet-huge"');
    expect(await refusedAgain({ model: '../src/errors' })).toContain('no network');
  });

  test('a network without a manifest', async () => {
    lay('network', 'alone.onnx', 'x');
    expect(await refused({ model: join(root, 'network', 'alone.onnx') })).toContain('has no manifest');
  });

  test('a network whose manifest does not fit', async () => {
    lay('network', 'good.onnx', 'other bytes');
    expect(await refused({})).toContain('is not the file that the manifest "colour-reader" describes');
  });

  test('a manifest that is none', async () => {
    lay('network', 'good.json', '{"schema": 1}');
    expect(await refused({})).toContain('is not valid: name');
    lay('network', 'good.json', '<html>');
    expect(await refusedAgain({})).toContain('it is not JSON');
  });
});

function refusedAgain(argv: Record<string, string>): Promise<string> {
  said = [];
  return refused(argv);
}
