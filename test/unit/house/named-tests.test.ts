/** The tables of who can do what, and of what happens when something fails, name tests that exist. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../../src/server/prepare.mjs';

/** The cells of a document's tables that name a test: their last ones. */
function namedIn(document: string): string[] {
  return readFileSync(join(ROOT, 'docs', document), 'utf8')
    .split('\n')
    .filter(
      (line) => line.startsWith('| ') && !/^\| ((they|it) can|what (fails|happens)) |^\| ---/.test(line),
    )
    .map((line) => line.split('|').at(-2)?.trim() ?? '');
}

describe.each([
  ['security.md', 'test/integration/server', 25],
  ['failures.md', '', 30],
])('each line of %s', (document, folder, least) => {
  const cells = namedIn(document);

  test('is there', () => expect(cells.length).toBeGreaterThan(least));

  test.each(cells)('%s', (held) => {
    const [, file = '', title = ''] = /^`([^`]+)`: (.+)$/.exec(held) ?? [];
    const path = join(ROOT, file.startsWith('test/') ? '' : folder, file);
    expect(existsSync(path)).toBe(true);
    const titles = [
      ...readFileSync(path, 'utf8').matchAll(/\btest(?:\.\w+\([\s\S]*?\))?\(\s*(['"`])(.+?)\1,/g),
    ];
    expect(titles.map((each) => each[2])).toContain(title);
  });
});
