import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import {
  type BrowserScope,
  CAPABILITIES,
  lackWords,
  missingOf,
} from '../../../src/studio/shell/capabilities';

const NEEDS = readFileSync(join(import.meta.dirname, '../../../public/needs.js'), 'utf8');

/** A browser that has everything but some paths. */
const without = (...paths: string[]): BrowserScope => ({
  there: (path) => !paths.includes(path),
  isolated: true,
  secure: true,
});

/** Paths that the blocking lines of the table ask for. */
const asked = CAPABILITIES.filter(({ severity }) => severity === 'blocking').flatMap(({ has }) => {
  const paths: string[] = [];
  has({ there: (path) => paths.push(path) > 0, isolated: true, secure: true });
  return paths;
});

interface FakeElement {
  tag: string;
  text: string;
  children: FakeElement[];
}

/** Runs the plain script in a browser that lacks some paths. @returns the texts that it shows, and an error's ear */
function plain(lacking: readonly string[], language: string) {
  const node = (tag: string, text = ''): FakeElement & Record<string, unknown> => {
    const children: FakeElement[] = [];
    return {
      tag,
      text,
      children,
      appendChild: (child: FakeElement) => children.push(child),
      removeChild: () => children.shift(),
      setAttribute: () => {},
      get firstChild() {
        return children[0];
      },
    };
  };
  const root = node('div');
  const listeners: Record<string, (event: object) => void> = {};
  const window: Record<string, unknown> = {
    addEventListener: (name: string, listener: (event: object) => void) => {
      listeners[name] = listener;
    },
    isSecureContext: true,
  };
  const marks: Record<string, string> = {};
  for (const path of asked.filter((each) => !lacking.includes(each))) {
    const names = path.split('.');
    let at = window;
    for (const name of names.slice(0, -1)) {
      at[name] ??= {};
      at = at[name] as Record<string, unknown>;
    }
    at[names.at(-1)!] ??= {};
  }
  runInNewContext(NEEDS, {
    window,
    navigator: { language },
    document: {
      readyState: 'complete',
      documentElement: { getAttribute: (name: string) => marks[name] ?? null },
      getElementById: () => root,
      createElement: node,
      createTextNode: (text: string) => node('#text', text),
    },
  });
  const texts = (at: FakeElement): string[] => [...(at.text ? [at.text] : []), ...at.children.flatMap(texts)];
  return {
    shown: () => texts(root),
    marks,
    fail: (target: object = window) => listeners.error?.({ target }),
  };
}

test('the table has each line once, with a sentence for what is missing and what would help', () => {
  expect(new Set(CAPABILITIES.map(({ id }) => id)).size).toBe(CAPABILITIES.length);
  for (const each of CAPABILITIES) {
    expect(each.help.length).toBeGreaterThan(0);
    expect(lackWords(each)).toMatch(/^[A-Z].+\. [A-Z].+\.$/);
  }
});

test('what is missing is told worst first', () => {
  const lacking = missingOf(without('showSaveFilePicker', 'VideoEncoder', 'VideoFrame'));
  expect(lacking.map(({ id, severity }) => [id, severity])).toEqual([
    ['video-frames', 'blocking'],
    ['encoder', 'degraded'],
    ['save-dialog', 'informative'],
  ]);
  expect(missingOf({ ...without(), secure: false, isolated: false }).map(({ id }) => id)).toEqual([
    'isolation',
    'cameras',
  ]);
});

test('the plain script asks for what the table calls blocking, and for nothing else', () => {
  expect(plain([], 'en').shown()).toEqual([]);
  for (const path of asked) expect(plain([path], 'en').shown().at(-1)).toBe(`Missing here: ${path}`);
  const table = NEEDS.slice(NEEDS.indexOf('NEEDS = {'), NEEDS.indexOf('};'));
  expect([...table.matchAll(/'([A-Z]\w+(?:\.\w+)*)'/g)].map(([, path]) => path).sort()).toEqual(
    [...asked].sort(),
  );
});

test('a script that cannot be read is told as long as the page has not begun', () => {
  const old = plain(['Set.prototype.union'], 'en-GB');
  old.fail();
  expect(old.shown()[1]).toMatch(/could not be started/);
  const picture = plain([], 'en');
  picture.fail({ tagName: 'IMG' });
  expect(picture.shown()).toEqual([]);
  const running = plain([], 'en');
  running.marks['data-started'] = '';
  running.fail();
  expect(running.shown()).toEqual([]);
});

test('it speaks German where the browser does, and English elsewhere', () => {
  expect(plain(['VideoFrame'], 'de-AT').shown()[0]).toMatch(/^Dieser Browser/);
  expect(plain(['VideoFrame'], 'constructor').shown()[0]).toMatch(/^This browser/);
});
