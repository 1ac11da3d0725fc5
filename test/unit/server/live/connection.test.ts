/**
 * One socket on the server: a process that stood still (a machine that was paused, or has too much to do) does not blame
 * the other side for it, and nobody piles up requests.
 */
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { CLOSE_CODES } from '../../../../src/live/protocol';
import { Connection } from '../../../../src/server/live/connection';
import { DEFAULT_LIMITS } from '../../../../src/server/live/limits';
import type { Lobby } from '../../../../src/server/live/lobby';
import { LiveMetrics } from '../../../../src/server/live/metrics';
import { RateLimit } from '../../../../src/server/live/rate-limit';
import { NO_LOG } from '../../../../src/server/log';

/** Milliseconds between two pings. */
const INTERVAL = 15_000;

/** A socket on which nobody answers. */
class SilentSocket extends EventEmitter {
  pings = 0;
  terminated = false;
  readonly codes: number[] = [];
  ping(): void {
    this.pings++;
  }
  close(code: number): void {
    this.codes.push(code);
  }
  terminate(): void {
    this.terminated = true;
  }
}

let clock = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
  clock = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Lets timers come due, as late as it is. @param late milliseconds for which this process stood still meanwhile */
function pass(late = 0): void {
  clock += INTERVAL + late;
  vi.advanceTimersByTime(INTERVAL);
}

function connected(lobby: Partial<Lobby> = {}): SilentSocket {
  const socket = new SilentSocket();
  const limits = { ...DEFAULT_LIMITS, joinTime: 1e9, answerTime: 1e9 };
  const rate = new RateLimit(1e6, 1e6);
  new Connection(
    socket as unknown as WebSocket,
    '',
    { limits, ...lobby } as Lobby,
    rate,
    new LiveMetrics(),
    NO_LOG,
    () => {},
  );
  return socket;
}

test('a socket that leaves a ping unanswered is dead', () => {
  const socket = connected();
  pass();
  expect(socket).toMatchObject({ pings: 1, terminated: false });
  pass();
  expect(socket).toMatchObject({ pings: 1, terminated: true });
});

test('but not where the answer could not be read: it is asked once more', () => {
  const socket = connected();
  pass();
  pass(40_000);
  expect(socket).toMatchObject({ pings: 2, terminated: false });
  socket.emit('pong');
  pass();
  expect(socket).toMatchObject({ pings: 3, terminated: false });
  pass();
  expect(socket.terminated).toBe(true);
});

test('requests that wait for one that is never answered are so many at most, and what comes after is not heard', () => {
  const join = vi.fn(() => new Promise<never>(() => {}));
  const socket = connected({ join });
  const request = (id: number) => JSON.stringify({ id, method: 'join', data: { token: 'x' } });
  for (let id = 0; id < 256; id++) socket.emit('message', request(id), false);
  expect(socket.codes).toEqual([]);
  for (let id = 256; id < 1000; id++) socket.emit('message', request(id), false);
  expect(socket.codes).toEqual([CLOSE_CODES.tooFast]);
});
