import { afterEach, describe, expect, test } from 'vitest';
import { ERROR_COPY } from '../../../src/errors';
import { formatBytes, formatExact, formatMoment, formatRate } from '../../../src/studio/shell/format';
import { ENGLISH } from '../../../src/words/english';
import { GERMAN } from '../../../src/words/german';
import { chooseLanguage, LANGUAGE_TAGS, languageOf } from '../../../src/words/language';
import { fill, type Message } from '../../../src/words/message';
import { decimals, say, sayOr, sentenceOf, speak, spokenLanguage } from '../../../src/words/words';

afterEach(() => speak('en'));

const english: Readonly<Record<string, Message>> = ENGLISH;
const german: Readonly<Record<string, Message>> = GERMAN.words;
const textsOf = (message: Message) => (typeof message === 'string' ? [message] : Object.values(message));

/** Names of the places of a message, each once and sorted. */
function placesOf(message: Message): readonly string[] {
  const texts = typeof message === 'string' ? [message] : [message.one, message.other];
  const names = texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!));
  return [...new Set(names)].sort();
}

describe('the German catalogue', () => {
  test('has the same messages, each with the same places', () => {
    expect(Object.keys(german).sort()).toEqual(Object.keys(english).sort());
    for (const [key, message] of Object.entries(english))
      expect([key, placesOf(german[key]!)]).toEqual([key, placesOf(message)]);
  });

  test('has a sentence for every failure', () => {
    expect(Object.keys(GERMAN.errors ?? {}).sort()).toEqual(Object.keys(ERROR_COPY).sort());
    for (const sentence of Object.values(GERMAN.errors ?? {})) expect(sentence).toMatch(/^\S.*\.$/);
  });

  test('is no copy: whole sentences differ from the English ones', () => {
    const copied = Object.entries(english).filter(
      ([key, message]) => german[key] === message && / \w+ \w+ /.test(String(message)),
    );
    expect(copied).toEqual([]);
  });
});

test('no message is empty, begins or ends with a space, or has a place without a name', () => {
  for (const [key, message] of [...Object.entries(english), ...Object.entries(german)]) {
    // What is put between words may be a blank beside a sign.
    if (/between|\.and$/.test(key)) continue;
    for (const text of textsOf(message)) {
      expect([key, text.trim()]).toEqual([key, text]);
      expect([key, text]).not.toEqual([key, '']);
      expect([key, text.replaceAll(/\{\w+\}/g, '')]).not.toEqual([key, expect.stringMatching(/[{}]/)]);
    }
  }
});

describe('a message', () => {
  const rule = new Intl.PluralRules('en');
  const write = String;

  test('takes its values where its places are, and leaves a place without a value', () => {
    expect(fill('{at} of {end}, {at}', { at: '0:01', end: 7 }, rule, write)).toBe('0:01 of 7, 0:01');
    expect(fill('{at} of {end}', { at: 'a{end}' }, rule, write)).toBe('a{end} of {end}');
  });

  test('takes the form of its number', () => {
    const holes = { one: 'one hole', other: '{count} holes' };
    expect(fill(holes, { count: 1 }, rule, write)).toBe('one hole');
    expect(fill(holes, { count: 0 }, rule, write)).toBe('0 holes');
    expect(fill(holes, { count: 2 }, rule, write)).toBe('2 holes');
  });
});

describe('the language of a visitor', () => {
  const none = { asked: null, stored: null, preferred: [] };
  test.each([
    ['nothing is known', none, 'en'],
    ['the browser prefers it', { ...none, preferred: ['fr-CH', 'de-CH', 'en'] }, 'de'],
    ['the browser’s are all unknown', { ...none, preferred: ['fr', 'it-IT'] }, 'en'],
    ['it was chosen before', { ...none, stored: 'de', preferred: ['en-GB'] }, 'de'],
    ['the address asks for it', { asked: 'DE_at', stored: 'en', preferred: ['en'] }, 'de'],
    ['the address asks for an unknown one', { asked: 'xx', stored: 'de', preferred: ['de'] }, 'en'],
    ['the address asks for something else', { asked: 'constructor', stored: null, preferred: [] }, 'en'],
    ['the browser says nonsense', { ...none, preferred: ['', '-', 'de'] }, 'de'],
  ] as const)('where %s', (_, given, language) => {
    expect(chooseLanguage(given)).toBe(language);
  });

  test('is found by the first part of its tag', () => {
    for (const tag of LANGUAGE_TAGS) expect(languageOf(`${tag.toUpperCase()}-x-own`)).toBe(tag);
    expect(languageOf('deu')).toBeNull();
  });
});

describe('in German', () => {
  test('words, failures, numbers and dates are German', async () => {
    await speak('de');
    expect(spokenLanguage()).toBe('de');
    expect(say('bar.play')).toBe('Abspielen');
    expect(say('measured.every-nth', { n: 4 })).toBe('jedes 4. Bild');
    expect(say('spoken.speed', { rate: 0.25 })).toBe('Tempo 0,25');
    expect(say('track.holes', { count: 1 })).toBe('eine Lücke');
    expect(sentenceOf({ code: 'camera-busy', message: ERROR_COPY['camera-busy'] })).toMatch(/^Ein anderes/);
    expect([formatRate(29.97), formatBytes(14_100), formatExact(7.48)]).toEqual([
      '30,0',
      '14,1 KB',
      '0:07,480',
    ]);
    expect(formatMoment(Date.UTC(2026, 10, 22, 13, 5, 7), 60)).toBe('22.11.2026, 14:05:07 UTC+01:00');
  });

  test('a name from elsewhere keeps its own word where there is none', async () => {
    await speak('de');
    expect(sayOr('class.sky', 'sky')).toBe('Himmel');
    expect(sayOr('class.gravel', 'gravel')).toBe('gravel');
    expect(sayOr('toString', 'toString')).toBe('toString');
  });
});

test('in English everything is as it is written in the code', () => {
  expect(decimals('0.5')).toBe('0.5');
  expect(sentenceOf({ code: 'camera-busy', message: 'as it came' })).toBe('as it came');
  expect(formatMoment(Date.UTC(2026, 10, 22, 13, 5, 7), 60)).toBe('2026-11-22 14:05:07 UTC+01:00');
});
