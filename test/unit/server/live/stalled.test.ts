/** A process that stood still (a machine that was paused, or has too much to do) does not blame the others for it. */
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
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
  ping(): void {
    this.pings++;
  }
  close(): void {}
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

function connected(): SilentSocket {
  const socket = new SilentSocket();
  const lobby = { limits: { ...DEFAULT_LIMITS, joinTime: 1e9 } } as Lobby;
  const rate = new RateLimit(1, 1);
  new Connection(socket as unknown as WebSocket, '', lobby, rate, new LiveMetrics(), NO_LOG, () => {});
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
