import { afterEach, describe, expect, test } from 'vitest';
import type { JobNote } from '../../../src/jobs/job';
import { WRITTEN_IN_ENGLISH, written } from '../../../src/media/written-words';
import { noteWords } from '../../../src/studio/analysis/note-words';
import { chosenWords, runsAsWords } from '../../../src/studio/shell/names';
import { writtenWords } from '../../../src/studio/shell/written';
import { speak } from '../../../src/words/words';

afterEach(() => speak('en'));

describe('what workers write into pictures', () => {
  test('is in English what they write by themselves', () => {
    expect(writtenWords()).toEqual(WRITTEN_IN_ENGLISH);
  });

  test('is in another language all of it, with the same places', async () => {
    await speak('de');
    const german = writtenWords();
    expect(german).toMatchObject({ point: ',', brakeOn: 'Bremse an' });
    expect(german.winds.E).toBe('O');
    expect(written(german.heading, { degrees: '90', wind: 'O' })).toBe('Richtung 90° O');
    const placesOf = (text: string) => text.match(/\{\w+\}/g)?.sort() ?? [];
    for (const [key, text] of Object.entries(WRITTEN_IN_ENGLISH))
      if (typeof text === 'string')
        expect([key, placesOf(String(german[key as 'heading']))]).toEqual([key, placesOf(text)]);
  });
});

describe('notes of jobs, and of a choice, are sentences in the page’s language', () => {
  const notes: readonly JobNote[] = [
    { kind: 'unread', files: ['a.jpg', 'b.jpg'], more: 2 },
    { kind: 'broken', broken: 1, frames: 9 },
    { kind: 'sound-unfit', codec: 'aac' },
    { kind: 'sound-of-others', files: ['b.mp4'] },
    { kind: 'no-place' },
  ];

  test('in English', () => {
    expect(noteWords(notes)).toBe(
      'Could not be read, and left empty: a.jpg, b.jpg, and 2 more. The model gave no numbers (NaN) on 1 of 9 frames. ' +
        'The sound (aac) does not go into this format and was left out. ' +
        'The sound of b.mp4 is of another kind than the first one’s and was left out. ' +
        'The recording does not say where it was made.',
    );
    expect(noteWords([{ kind: 'sound-of-others', files: ['b', 'c'] }])).toContain('of 2 files is');
    expect(noteWords([])).toBe('');
  });

  test('in German', async () => {
    await speak('de');
    expect(noteWords(notes.slice(0, 1))).toBe('Nicht lesbar und leer gelassen: a.jpg, b.jpg und 2 weitere.');
    expect(chosenWords([{ kind: 'within', budget: 66 }, { kind: 'drawn-dearly' }])).toMatch(
      /^Das beste Modell .* 66 ms dauert\. Hier zeichnet ein Programm/,
    );
  });
});

describe('what an engine says of itself', () => {
  const said = 'LiteRT, 1 thread, relaxed SIMD, page not isolated, int8';

  test('stands as it is in English', () => {
    expect(runsAsWords(said)).toBe(said);
    const gpu = 'WebGPU, swiftshader, fp16, graph capture refused, frames copied';
    expect(runsAsWords(gpu)).toBe(gpu);
    expect(runsAsWords('WebAssembly, 4 threads')).toBe('WebAssembly, 4 threads');
  });

  test('is translated but for names and precisions', async () => {
    await speak('de');
    expect(runsAsWords(said)).toBe('LiteRT, 1 Thread, relaxed SIMD, Seite nicht isoliert, int8');
    expect(runsAsWords('WebGPU, a, fp16, no graph capture')).toBe(
      'WebGPU, a, fp16, Ablauf nicht aufgezeichnet',
    );
  });
});
