/** The page's words stand in the catalogues: no text of a room that is translated is written where it is shown. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../../src/server/prepare.mjs';
import { literalsOf } from '../../harness/literals';

/** Rooms whose words all stand in the catalogues. */
const ROOMS = ['studio', 'dashboard', 'measure', 'element'];

/** What is pasted into an issue is English whatever the page speaks. */
const ISSUE_TEXT = 'measurement-text.ts';

/** Names that are the same in every language. */
const NAMES = /Carriageway|ONNX|WebGPU|MP4|WebM|PNG|COCO|CSV|JSON|GPX|IoU|km\/h|mph|\bms\b/g;

const filesOf = (room: string) =>
  readdirSync(join(ROOT, 'src', room), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== ISSUE_TEXT)
    .map((file) => join('src', room, file));

test.each(ROOMS.flatMap(filesOf))('%s has no words of its own', (file) => {
  const found = literalsOf(readFileSync(join(ROOT, file), 'utf8'));
  expect(found.map((text) => text.replace(NAMES, '')).filter((text) => /[a-z]{2}/i.test(text))).toEqual([]);
});

/** Code is written with `€{` where it has `${`: the linter takes a string with that for a mistake. */
describe('what is looked for', () => {
  test.each([
    ['text between tags', 'html`<p class="hint">Some text</p>`', ['Some text']],
    ['text beside a value', 'html`<p>€{value} frames</p>`', ['frames']],
    [
      'text within a template within a template',
      "html`<p>€{a ? html`<b>€{b({ c: '}' })} inner</b>` : ''}</p>`",
      ['inner'],
    ],
    [
      'names for assistive technology',
      'html`<a aria-label="Close it" title="Close €{x}"></a>`',
      ['Close it', 'Close'],
    ],
    ['labels in objects', "button({ label: 'Open a file' })", ['Open a file']],
    ['sentences that are composed', 'spoken: `Opened €{title} for you`', ['Opened  for you']],
  ])('%s', (_, code, found) => {
    expect(literalsOf(code.replaceAll('€{', '${'))).toEqual(found);
  });

  test.each([
    [
      'keys and ids',
      'say(\'bar.play\'); html`<p class="a b" data-testid="x-€{id}">€{say(\'bar.play\')}</p>`',
    ],
    ['comments', '// Some text here\n/* html`<p>Text</p>` */'],
    ['what programmers are told', "throw new TypeError('Used before it got its context.')"],
    ['what a style or a pattern says', 'html`<p .style=€{`flex-grow: €{n}`}></p>`; /Some `text/.test(x)'],
  ])('and not %s', (_, code) => {
    expect(literalsOf(code.replaceAll('€{', '${'))).toEqual([]);
  });
});
