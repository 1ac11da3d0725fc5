/** The table of who can do what names tests that exist. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../../src/server/prepare.mjs';

const text = readFileSync(join(ROOT, 'docs', 'security.md'), 'utf8');
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (they|it) can |^\| ---/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

describe('each line of the table', () => {
  test('is there', () => expect(rows.length).toBeGreaterThan(25));

  test.each(rows.map((row) => row[3] ?? ''))('%s', (held) => {
    const [, file = '', title = ''] = /^`([^`]+)`: (.+)$/.exec(held) ?? [];
    const path = join(ROOT, file.startsWith('test/') ? '' : 'test/integration/server', file);
    expect(existsSync(path)).toBe(true);
    const titles = [...readFileSync(path, 'utf8').matchAll(/\btest(?:\.\w+\([^)]*\))?\(\s*(['"`])(.+?)\1,/g)];
    expect(titles.map((each) => each[2])).toContain(title);
  });
});
