import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../../src/server/config';

test('without anything, the loopback and the default port', () => {
  expect(readConfig([], {})).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    origin: { host: 'default', port: 'default' },
  });
});

test('a flag wins over the environment, which wins over the default', () => {
  expect(readConfig(['--port', '9001'], { PORT: '9000', HOST: '0.0.0.0' })).toMatchObject({
    host: '0.0.0.0',
    port: 9001,
    origin: { host: 'environment', port: 'flag' },
  });
});

test('an empty variable counts as absent', () => {
  expect(readConfig([], { PORT: '', HOST: '' })).toMatchObject({ port: 8080, host: '127.0.0.1' });
});

test('help is recognised', () => {
  expect(readConfig(['--help'], {})).toBe('help');
});

test('rooms are on, for this machine alone, until there is a secret', () => {
  expect(readConfig([], {})).toMatchObject({ live: { enabled: true, secret: null, mediaPort: 0 } });
  expect(readConfig(['--no-live'], {})).toMatchObject({ live: { enabled: false } });
  expect(readConfig([], { LIVE: 'off' })).toMatchObject({ live: { enabled: false } });
  expect(readConfig(['--media-port', '44400'], { LIVE_SECRET: 'sixteen-letters!' })).toMatchObject({
    live: { secret: 'sixteen-letters!', mediaPort: 44400 },
  });
});

test('a secret is never repeated on the terminal', () => {
  expect(() => readConfig([], { LIVE_SECRET: 'hunter2' })).toThrow(/^LIVE_SECRET must be at least 16/);
});

describe('what cannot be used is refused with the name it was given under', () => {
  test.each([
    [['--port', 'eighty'], {}, /^--port is "eighty"/],
    [['--port', '65536'], {}, /^--port is "65536"/],
    [['--port', '-1'], {}, /--port/],
    [[], { PORT: '80.5' }, /^PORT is "80.5"/],
    [[], { HOST: 'not a host' }, /^HOST is "not a host"/],
    [['--host', ''], {}, /^--host is ""/],
    [['--prot', '80'], {}, /--prot/],
    [['--workers', '0'], {}, /^--workers is "0"/],
    [[], { MEDIA_PORT: '70000' }, /^MEDIA_PORT is "70000"/],
    [['--announce', 'no spaces'], {}, /^--announce/],
    [['--origins', 'https://a.example/path'], {}, /^--origins/],
    [['8080'], {}, /8080/],
  ] as const)('%j %j', (argv, env, message) => {
    expect(() => readConfig(argv, env)).toThrow(ConfigError);
    expect(() => readConfig(argv, env)).toThrow(message);
  });
});
