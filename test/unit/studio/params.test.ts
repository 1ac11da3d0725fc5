import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { momentLink, readParams } from '../../../src/studio/shell/params';

describe('the address of the page', () => {
  test('says nothing: the simulated drive, everything automatic', () => {
    expect(readParams('')).toEqual({
      params: {
        source: 'drive',
        seed: 1,
        address: null,
        t: 0,
        mood: 'any',
        car: 'none',
        lens: 'own',
        embed: false,
        lang: null,
        engine: 'auto',
        model: null,
        mode: null,
        sync: null,
      },
      ignored: [],
    });
  });

  test('every setting is read', () => {
    const { params, ignored } = readParams(
      '?source=camera&seed=42&t=12.5&mood=rain-night&car=bonnet&lens=wide&embed&engine=wasm&model=pspnet-lite&mode=confidence&sync=live&lang=de-AT',
    );
    expect(ignored).toEqual([]);
    expect(params).toEqual({
      address: null,
      source: 'camera',
      seed: 42,
      t: 12.5,
      mood: 'rain-night',
      car: 'bonnet',
      lens: 'wide',
      embed: true,
      lang: 'de-AT',
      engine: 'wasm',
      model: 'pspnet-lite',
      mode: 'confidence',
      sync: 'live',
    });
  });

  test.each(['/models/own.json', './own.json', 'https://example.org/own.json'])(
    'a manifest can be at %s',
    (address) => {
      expect(readParams(`model=${encodeURIComponent(address)}`).params.model).toBe(address);
    },
  );

  test.each([
    ['source', 'satellite'],
    ['seed', '-1'],
    ['seed', '1.5'],
    ['seed', '1000'],
    ['seed', ''],
    ['mood', 'gloomy'],
    ['car', 'boat'],
    ['lens', 'none'],
    ['embed', 'perhaps'],
    ['engine', 'webgl'],
    ['model', 'javascript:alert(1)'],
    ['model', 'Not A Name'],
    ['mode', 'all'],
    ['sync', 'on'],
  ])('%s=%s is ignored and named', (name, value) => {
    const { params, ignored } = readParams(`${name}=${encodeURIComponent(value)}`);
    expect(params).toEqual(readParams('').params);
    expect(ignored.map((i) => i.name)).toEqual([name]);
    expect(ignored[0]?.reason).not.toBe('');
  });

  test('one bad setting leaves the others alone', () => {
    const { params, ignored } = readParams('?mode=nothing&seed=3&other=1');
    expect(params.seed).toBe(3);
    expect(params.mode).toBeNull();
    expect(ignored).toHaveLength(1);
  });

  test('no query breaks it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const { params } = readParams(`?source=${a}&seed=${b}&model=${a}&engine=${b}`);
        expect(['drive', 'camera', 'file']).toContain(params.source);
        expect(Number.isInteger(params.seed)).toBe(true);
      }),
    );
  });
});

test('the link to a moment leads to it, and keeps what else the address says', () => {
  const link = momentLink(
    'https://host.test/page/?model=pspnet-lite&t=1&seed=9',
    { kind: 'drive', seed: 7, mood: 'snow', lens: 'wide' },
    83.4567,
  );
  expect(link?.startsWith('https://host.test/page/?')).toBe(true);
  const { params, ignored } = readParams(new URL(link!).search);
  expect(ignored).toEqual([]);
  expect(params).toMatchObject({
    source: 'drive',
    seed: 7,
    mood: 'snow',
    car: 'none',
    lens: 'wide',
    t: 83.46,
    model: 'pspnet-lite',
  });
});

test('the link of a moment of a recording that has an address, to the microsecond', () => {
  const file = { kind: 'file', parts: { kind: 'videos', videos: [] }, title: 'a.mp4', labels: null } as const;
  const page = 'https://host.test/?source=drive&seed=9&mood=snow&mode=classes';
  expect(momentLink(page, file, 3)).toBeNull();
  const link = momentLink(page, { ...file, address: '/drives/a b&c.mp4' }, 1.0416666666)!;
  expect(readParams(new URL(link).search)).toMatchObject({
    params: {
      source: 'file',
      address: '/drives/a b&c.mp4',
      t: 1.041667,
      seed: 1,
      mood: 'any',
      mode: 'classes',
    },
    ignored: [],
  });
});

test.each(['javascript:alert(1)', 'data:video/mp4,', 'a.mp4', 'file:///etc/passwd'])(
  'address=%s is ignored and named',
  (address) => {
    expect(readParams(`?${new URLSearchParams({ address })}`)).toMatchObject({
      params: { address: null },
      ignored: [{ name: 'address' }],
    });
  },
);

test.each(['-1', 'soon', '1e9', '99999999'])('t=%s is ignored and named', (t) => {
  expect(readParams(`?t=${t}`)).toMatchObject({ params: { t: 0 }, ignored: [{ name: 't' }] });
});
