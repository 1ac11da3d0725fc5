import { describe, expect, test } from 'vitest';
import { HISTORY_SECONDS, History } from '../../../src/dashboard/history';
import { liveAddress, readLiveParams } from '../../../src/dashboard/params';
import { linkWords } from '../../../src/dashboard/tile';

describe('the address of a live page', () => {
  test('the usual page is none', () => {
    expect(readLiveParams('', '')).toBeNull();
    expect(readLiveParams('?source=drive', '#token=a')).toBeNull();
  });

  test('a room is looked at, or sent into', () => {
    expect(readLiveParams('?room=depot-7', '')).toMatchObject({
      room: 'depot-7',
      publish: null,
      token: null,
    });
    expect(
      readLiveParams('?room=a&publish=drive&name=Van%203&codec=vp9&seed=7&fps=5', '#token=x.y.z'),
    ).toMatchObject({
      publish: 'drive',
      name: 'Van 3',
      codec: 'vp9',
      seed: 7,
      fps: 5,
      token: 'x.y.z',
    });
  });

  test.each(['?room=../etc', '?room=', '?room=a%20b', '?live', `?room=${'a'.repeat(65)}`])(
    '%s asks which room',
    (query) => {
      expect(readLiveParams(query, '')?.room).toBeNull();
    },
  );

  test('nonsense is left out', () => {
    expect(
      readLiveParams(
        '?room=a&publish=teapot&codec=h265&seed=-1&fps=0&name=%00&model=https://x',
        '#token=<b>',
      ),
    ).toMatchObject({
      publish: null,
      codec: 'vp8',
      seed: 1,
      fps: null,
      name: null,
      model: null,
      token: null,
    });
  });

  test('an invitation keeps its token out of the query', () => {
    const url = new URL(
      liveAddress('https://host/page?room=old#x', { room: 'a', publish: 'camera', token: 'x.y.z' }),
    );
    expect(url.hash).toBe('#token=x.y.z');
    expect(url.search).toBe('?room=a&publish=camera');
    expect(readLiveParams(url.search, url.hash)).toMatchObject({
      room: 'a',
      publish: 'camera',
      token: 'x.y.z',
    });
  });
});

test('a link in words, with the way where it is not the straight one', () => {
  const told = [null, 'good', 'fair', 'poor'] as const;
  expect(told.map((quality) => linkWords(quality, 'udp'))).toEqual(['–', 'good', 'fair', 'poor']);
  expect([linkWords('good', 'relay'), linkWords(null, 'tcp')]).toEqual(['good, relayed', '–, TCP']);
});

describe('five minutes', () => {
  const report = (drivableShare: number) =>
    ({ key: 'a', drivableShare, inferenceFps: 2 }) as Parameters<History['report']>[1];

  test('are kept, and no more; all lines are as long as their axis', () => {
    let clock = 0;
    const history = new History(
      () => clock,
      () => clock / 1000,
    );
    for (let i = 0; i < HISTORY_SECONDS + 50; i++) {
      clock += 1000;
      if (i >= 20) history.report('late', report(0.5));
      history.report('first', report(0.25));
      history.tick();
    }
    expect(history.times).toHaveLength(HISTORY_SECONDS);
    for (const vehicle of history.vehicles)
      expect(history.values(vehicle, 'share')).toHaveLength(HISTORY_SECONDS);
    expect(history.values('first', 'share').at(-1)).toBe(25);
  });

  test('bit rates are differences; a count that begins anew makes a gap, not a plunge', () => {
    let clock = 0;
    const history = new History(() => clock);
    const rates = [0, 125_000, 250_000, 100, 125_100].map((bytes) => {
      clock += 1000;
      history.link('a', {
        ...{ bytes, roundTrip: 3, lost: 0, delay: 40, way: 'udp' as const },
        ...{ delayFrom: 'sending' as const, quality: 'good' as const, fromServer: 30 },
      });
      history.tick();
      return history.values('a', 'bitrate').at(-1);
    });
    expect(rates).toEqual([null, 1000, 1000, null, 1000]);
  });

  test('who left is forgotten', () => {
    const history = new History();
    history.report('gone', report(0.5));
    for (let i = 0; i <= HISTORY_SECONDS; i++) history.tick();
    expect(history.vehicles).toEqual([]);
  });
});
