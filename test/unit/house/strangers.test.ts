/**
 * Whatever strangers hand to our own parsers (settings of another version, addresses, messages, manifests, lists, marks,
 * results, labels): they give something that holds, or refuse with a code. They never throw anything else, and take
 * no longer for a long text than for as many short ones, or this file would run into its limit.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLiveParams } from '../../../src/dashboard/params';
import { CarriagewayError } from '../../../src/errors';
import { readLines } from '../../../src/jobs/result-lines';
import { openCoco } from '../../../src/labels/reading/coco-labels';
import { REQUESTS, serverMessage, tokenRequest } from '../../../src/live/protocol';
import { decodeMask } from '../../../src/live/shared-mask';
import { parseManifest } from '../../../src/model/manifest';
import { readMarksFile } from '../../../src/studio/player/marks-file';
import { readParams } from '../../../src/studio/shell/params';
import { SavedSettings } from '../../../src/studio/shell/saved';
import { parseClassList } from '../../../src/taxonomy/class-list';
import { chooseLanguage, LANGUAGE_TAGS } from '../../../src/words/language';

/** JSON of any form, with names that mean something to the engine among its keys. */
const key = fc.oneof(
  fc.string(),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'length', 'classes'),
);
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
})).value;

/** What a parser that refuses by a code does with something. */
const refuses = (parse: (value: unknown) => unknown) => (value: unknown) => {
  try {
    parse(value);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(CarriagewayError);
  }
};

/** As long as a stranger may make it, and of the kind that makes careless patterns slow. */
const LONG = ['0', 'a', ' ', '%', '=&', '-_', '\u0000', '.'].map((sign) => sign.repeat(200_000));

describe('settings that were kept', () => {
  const settingsOf = (text: string): SavedSettings =>
    new SavedSettings({ getItem: () => text, setItem: () => {}, removeItem: () => {} });
  const readAll = (saved: SavedSettings) => {
    const { speedUnit, language, tier, blur, tourSeen } = {
      speedUnit: saved.speedUnit(),
      language: saved.language(),
      tier: saved.tier(),
      blur: saved.blur(),
      tourSeen: saved.tourSeen(),
    };
    expect(['km/h', 'mph']).toContain(speedUnit);
    expect([...LANGUAGE_TAGS, null]).toContain(language);
    expect([tier === null || typeof tier === 'string', typeof blur, typeof tourSeen]).toEqual([
      true,
      'boolean',
      'boolean',
    ]);
    expect(Array.isArray(saved.marks('any')) && Array.isArray(saved.reviewed('any'))).toBe(true);
    saved.region('any');
    saved.camera('any');
  };

  test('any text, and any JSON, is a setting or none', () => {
    fc.assert(fc.property(fc.string(), (text) => readAll(settingsOf(text))));
    fc.assert(fc.property(json, (value) => readAll(settingsOf(JSON.stringify(value) ?? ''))));
    for (const text of LONG) readAll(settingsOf(text));
  });
});

describe('addresses', () => {
  test('of the page: every setting is of its kind, whatever the query', () => {
    const holds = (query: string) => {
      const { params, ignored } = readParams(query);
      expect(Number.isFinite(params.seed) && Number.isFinite(params.t)).toBe(true);
      expect(ignored.every(({ reason }) => reason.length > 0)).toBe(true);
      expect(LANGUAGE_TAGS).toContain(
        chooseLanguage({ asked: params.lang, stored: null, preferred: [query.slice(0, 50)] }),
      );
    };
    const name = fc.constantFrom(
      'source',
      'seed',
      't',
      'mood',
      'model',
      'engine',
      'lang',
      'address',
      'embed',
    );
    const query = fc
      .array(fc.tuple(name, fc.string()), { maxLength: 6 })
      .map((pairs) => String(new URLSearchParams(pairs)));
    fc.assert(fc.property(fc.oneof(query, fc.string()), holds));
    for (const text of LONG) for (const each of ['model', 'seed', 'lang', 't']) holds(`${each}=${text}`);
  });

  test('of a live room', () => {
    const pair = fc.tuple(fc.constantFrom('room', 'publish', 'name', 'token', 'mode'), fc.string());
    const query = fc.array(pair, { maxLength: 6 }).map((pairs) => String(new URLSearchParams(pairs)));
    fc.assert(fc.property(query, fc.string(), (asked, fragment) => void readLiveParams(asked, fragment)));
    for (const text of LONG) readLiveParams(`room=${text}&name=${text}`, `#token=${text}`);
  });
});

test('messages of a room are understood or not, and never throw', () => {
  fc.assert(
    fc.property(json, (value) => {
      for (const schema of [serverMessage, tokenRequest, ...Object.values(REQUESTS)])
        expect(typeof schema.safeParse(value).success).toBe('boolean');
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => void decodeMask(bytes)));
});

test('manifests, lists of classes and labels are refused by a code', () => {
  for (const parse of [parseManifest, (value: unknown) => parseClassList(value), openCoco])
    fc.assert(fc.property(json, refuses(parse)));
});

test('files of marks are refused by a code, results that are none give none', async () => {
  const marks = async (text: string) => {
    try {
      await readMarksFile(new Blob([text]));
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: 'marks-unreadable' });
    }
  };
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        json.map((value) => JSON.stringify(value) ?? ''),
        fc.string(),
      ),
      marks,
    ),
  );
  for (const text of LONG) await marks(text);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => void readLines(bytes)));
  for (const text of LONG) readLines(new TextEncoder().encode(text));
});
