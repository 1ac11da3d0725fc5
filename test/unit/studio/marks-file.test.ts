import { describe, expect, test } from 'vitest';
import type { SceneEvent } from '../../../src/scene/events';
import { joinedMarks, marksFile, readMarksFile } from '../../../src/studio/player/marks-file';
import { eventKey } from '../../../src/studio/scene/scene-words';

const marks = [
  { t: 1.2, note: 'kerb' },
  { t: 7, note: '' },
];

describe('a file of marks', () => {
  test('is read as it was written', async () => {
    const reviewed = ['scene-cut@2.00'];
    expect(await readMarksFile(marksFile('drive.mp4', { marks, reviewed }))).toMatchObject({
      marks,
      reviewed,
    });
  });

  test.each([
    ['no JSON', 'no', /not JSON/],
    ['another format', '{"format":"other"}', /format/],
    [
      'a negative time',
      '{"format":"carriageway-marks","version":1,"recording":"a","marks":[{"t":-1,"note":""}]}',
      /marks\.0\.t/,
    ],
    ['a later version', '{"format":"carriageway-marks","version":2,"recording":"a","marks":[]}', /version/],
    ['what is too large', ' '.repeat(2 ** 20 + 1), /larger than 1 MB/],
  ])('%s is refused with its field', async (_, text, detail) => {
    await expect(readMarksFile(new Blob([text]))).rejects.toMatchObject({
      code: 'marks-unreadable',
      detail: expect.stringMatching(detail),
    });
  });

  test('too many marks are refused', async () => {
    const many = Array.from({ length: 501 }, (_, t) => ({ t, note: '' }));
    await expect(readMarksFile(marksFile('a', { marks: many, reviewed: [] }))).rejects.toMatchObject({
      code: 'marks-unreadable',
    });
  });

  test('joins what is there: in order, no moment twice, the longer note stays, nothing behind the end', () => {
    const own = [
      { t: 1.2, note: '' },
      { t: 3, note: 'mine' },
    ];
    expect(joinedMarks(own, [...marks, { t: 90, note: 'late' }, { t: 3, note: 'm' }], 60)).toEqual([
      { t: 1.2, note: 'kerb' },
      { t: 3, note: 'mine' },
      { t: 7, note: '' },
    ]);
    expect(own[0]!.note).toBe('');
  });
});

test('an event has the same name whenever the recording is played, and another than its neighbours', () => {
  const entered = (id: number, classId: number): SceneEvent => ({
    type: 'obstacle-entered',
    timestamp: 1_234_567,
    id,
    classId,
    distance: 12,
    inPath: false,
  });
  expect(eventKey(entered(3, 11))).toBe(eventKey(entered(88, 11)));
  expect(eventKey(entered(3, 11))).not.toBe(eventKey(entered(3, 9)));
  const edge = (side: 'left' | 'right'): SceneEvent => ({ type: 'boundary', timestamp: 5, side, seen: true });
  expect(eventKey(edge('left'))).not.toBe(eventKey(edge('right')));
});
