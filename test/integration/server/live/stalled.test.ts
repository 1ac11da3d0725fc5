/** A server that stood still asks its media workers once more before it takes them for deaf. */
import { observer, type types } from 'mediasoup';
import { expect, test, vi } from 'vitest';
import { NO_WORKER, WORKER } from '../../../harness/live';
import { members } from '../../../harness/live-members';
import { SOON } from '../../../harness/soon';

if (!WORKER) console.warn(`The test of a server that stood still is skipped: ${NO_WORKER}`);

const { serve, enter } = members();

/** Milliseconds between two questions for a sign of life. */
const PROBE = 200;

const workers: types.Worker[] = [];
observer.on('newworker', (worker) => workers.push(worker));

/** Nothing else runs in this process meanwhile. */
function standStill(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

test.skipIf(!WORKER)('an answer that came while the server stood still is heard', async () => {
  const server = await serve({ probe: PROBE });
  const van = await enter(server, 'publish');
  const [pid] = server.pool.pids;
  const worker = workers.at(-1);
  if (!worker) throw new Error('There is no worker.');
  const ask = worker.getResourceUsage.bind(worker);
  let asked = 0;
  vi.spyOn(worker, 'getResourceUsage').mockImplementation(() => {
    const answer = ask();
    // Once the question is on its way and its deadline runs; before anything is read.
    if (++asked <= 3) setImmediate(() => standStill(3 * PROBE));
    return answer;
  });
  await vi.waitFor(() => expect(asked).toBeGreaterThan(5), SOON);
  await van.signalling.request('clock', {});
  expect(server.pool.health).toEqual({ running: 1, died: 0 });
  expect(server.pool.pids).toEqual([pid]);
});
