import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeWillDo } from '../../../src/server/node-version.mjs';
import { isInstalled, stampOf } from '../../../src/server/prepare.mjs';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'carriageway-prepare-'));
});
afterEach(() => rm(root, { recursive: true }));

test.each([
  ['20.19.0', true],
  ['20.20.2', true],
  ['22.0.0', true],
  ['24.1.0', true],
  ['20.18.3', false],
  ['18.20.4', false],
  ['9.11.2', false],
])('Node %s will do: %s', (version, expected) => {
  expect(nodeWillDo(version)).toBe(expected);
});

describe('the installation', () => {
  const lock = {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '2.0.0', dev: true },
    'node_modules/c-other-system': { version: '3.0.0', optional: true },
  };

  async function lay(present: Record<string, { version: string }> | null): Promise<void> {
    await writeFile(join(root, 'package-lock.json'), JSON.stringify({ packages: lock }));
    if (!present) return;
    await mkdir(join(root, 'node_modules'));
    await writeFile(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: present }));
  }

  test('is missing without node_modules', async () => {
    await lay(null);
    expect(isInstalled(root, { dev: false })).toBe(false);
  });

  test('is complete without packages for other systems', async () => {
    await lay({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0' } });
    expect(isInstalled(root, { dev: true })).toBe(true);
  });

  test('may lack development packages unless they are needed', async () => {
    await lay({ 'node_modules/a': { version: '1.0.0' } });
    expect(isInstalled(root, { dev: false })).toBe(true);
    expect(isInstalled(root, { dev: true })).toBe(false);
  });

  test('is stale when a version differs', async () => {
    await lay({ 'node_modules/a': { version: '1.0.1' }, 'node_modules/b': { version: '2.0.0' } });
    expect(isInstalled(root, { dev: true })).toBe(false);
  });
});

describe('the stamp of a build', () => {
  const stamp = () => stampOf(root, ['src', 'index.html', 'absent']);

  beforeEach(async () => {
    await mkdir(join(root, 'src', 'inner'), { recursive: true });
    await writeFile(join(root, 'src', 'inner', 'a.ts'), 'a');
    await writeFile(join(root, 'index.html'), 'page');
  });

  test('stays while nothing changes', () => {
    expect(stamp()).toBe(stamp());
  });

  test('changes with an edit, an addition and a removal', async () => {
    const stamps = [stamp()];
    await utimes(join(root, 'src', 'inner', 'a.ts'), 1, 1);
    stamps.push(stamp());
    await writeFile(join(root, 'src', 'b.ts'), 'b');
    stamps.push(stamp());
    await rm(join(root, 'src', 'inner', 'a.ts'));
    stamps.push(stamp());
    expect(new Set(stamps).size).toBe(4);
  });

  test('ignores what no page is made of', async () => {
    const before = stamp();
    await mkdir(join(root, 'src', 'training'));
    await writeFile(join(root, 'src', 'training', 'train.py'), 'x');
    expect(stamp()).toBe(before);
  });
});
