import { describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/server/config';
import { ConfigError } from '../../../src/server/config-error';

test('without anything, the loopback and the default port', () => {
  expect(readConfig([], {})).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    origin: { host: 'default', port: 'default' },
  });
});

test('a flag wins over the environment, which wins over the default', () => {
  expect(readConfig(['--port', '9001'], { PORT: '9000', HOST: 'localhost' })).toMatchObject({
    host: 'localhost',
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

test('rooms are on, with or without a secret of the owner’s', () => {
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

test('several addresses and proxies are read', () => {
  const argv = ['--host', '0.0.0.0', '--announce', '203.0.113.7, 2001:db8::7,sfu.example'];
  expect(readConfig([...argv, '--trust-proxy', '10.0.0.0/8,::1'], {})).toMatchObject({
    proxies: ['10.0.0.0/8', '::1'],
    live: { announce: ['203.0.113.7', '2001:db8::7', 'sfu.example'] },
  });
  expect(readConfig(['--host', '0.0.0.0', '--no-live'], {})).toMatchObject({ live: { enabled: false } });
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
    [['--record', '/'], {}, /^--record is "\/"/],
    [['--record', 'x', '--record-gb', '1.5'], {}, /^--record-gb is "1.5"/],
    [['--record-days', '3'], {}, /are of no use without --record/],
    [['--alarms', '/nowhere/alarms.json'], {}, /^--alarms: \/nowhere\/alarms.json cannot be read/],
    [[], { ALARM_SECRET: 'short' }, /^ALARM_SECRET must be 16/],
    [[], { MQTT_URL: 'http://me:hunter2@a.example' }, /^MQTT_URL must be an address/],
    [[], { MEDIA_PORT: '70000' }, /^MEDIA_PORT is "70000"/],
    [['--announce', 'no spaces'], {}, /^--announce/],
    [['--origins', 'https://a.example/path'], {}, /^--origins/],
    [['8080'], {}, /8080/],
    [['--trust-proxy', 'proxy.example'], {}, /^--trust-proxy is "proxy.example"/],
    [[], { LOG_LEVEL: 'loud' }, /^LOG_LEVEL is "loud"/],
    [['--announce', 'a,b,c,d,e,f,g,h,i'], {}, /8 at most/],
    [['--media-host', 'here'], {}, /^--media-host/],
    // A secret that can be guessed, or that everybody has read.
    [[], { LIVE_SECRET: 'a-long-random-text' }, /^LIVE_SECRET is the example/],
    [[], { LIVE_SECRET: 'aaaaaaaaaaaaaaaaaaaaaaaa' }, /^LIVE_SECRET is made of too few/],
    // Settings that cannot all be meant.
    [['--host', '0.0.0.0'], {}, /--announce/],
    [[], { HOST: '::' }, /--announce/],
    [['--media-host', '0.0.0.0'], {}, /--announce/],
    [['--cert', 'a.pem'], {}, /belong together/],
    [
      ['--https'],
      { REDIS_URL: 'redis://127.0.0.1', LIVE_SECRET: 'sixteen-letters!' },
      /--https with REDIS_URL needs --node/,
    ],
    [['--ice', 'http://a.example'], {}, /^--ice is/],
    [['--ice', 'turn:a.example'], {}, /needs TURN_SECRET/],
    [[], { TURN_SECRET: 'a-shared-secret' }, /of no use without a turn:/],
    [['--ice', 'turn:a.example'], { TURN_USER: 'me' }, /belong together/],
    [
      ['--ice', 'turn:a.example'],
      { TURN_SECRET: 'a-shared-secret', TURN_USER: 'me', TURN_PASSWORD: 'x' },
      /^Give TURN_SECRET, or/,
    ],
    [['--no-live', '--announce', 'a.example'], {}, /^--announce is of no use/],
    [['--node', 'http://10.0.0.7:8080/'], {}, /^--node is of no use without REDIS_URL/],
    [[], { REDIS_URL: 'redis://127.0.0.1' }, /^REDIS_URL needs LIVE_SECRET/],
    [
      ['--host', '10.0.0.7'],
      { REDIS_URL: 'redis://127.0.0.1', LIVE_SECRET: 'sixteen-letters!' },
      /needs --node/,
    ],
    [['--media-port', '65535', '--workers', '2'], {}, /none above 65535/],
    [['--port', '44401', '--media-port', '44400', '--workers', '2'], {}, /asked for twice/],
  ] as const)('%j %j', (argv, env, message) => {
    expect(() => readConfig(argv, env)).toThrow(ConfigError);
    expect(() => readConfig(argv, env)).toThrow(message);
  });
});
