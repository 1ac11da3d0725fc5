/** The queue of recordings: BullMQ on Redis. This end files work and waits until others have done it. */
import { createHash } from 'node:crypto';
import { type Job, Queue, QueueEvents } from 'bullmq';
import { Redis } from 'ioredis';
import { ConfigError } from '../config-error.ts';
import type { Report } from './report.ts';
import { isDone } from './results.ts';
import type { Task } from './task.ts';
import type { WorkResult } from './work.ts';

/** Name of the queue in Redis. */
export const QUEUE = 'carriageway-analyse';

/** Tries of a recording at most, where a browser or the network failed. */
const ATTEMPTS = 4;

/** Milliseconds before the second try; each later pause is twice the one before. */
const BACKOFF = 2000;

/** How long a first answer of Redis is waited for, in milliseconds. */
const CONNECT_LIMIT = 10_000;

/** How far a recording is, as it travels through the queue. */
export interface TaskProgress {
  readonly share: number;
  readonly rate: number;
}

/**
 * Connects to Redis; the taker disconnects.
 * @throws ConfigError where it cannot be reached
 */
export async function connect(address: string): Promise<Redis> {
  // Once it was there it is waited for, however long it is gone.
  const redis = new Redis(address, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: CONNECT_LIMIT,
  });
  let why = '';
  redis.on('error', (error: Error) => {
    why = error.message;
  });
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    redis.disconnect();
    const { host } = new URL(address);
    throw new ConfigError(
      `The queue at ${host} cannot be reached (${why || (error instanceof Error ? error.message : error)}). Is Redis running there?`,
    );
  }
}

/**
 * Files work and waits for its end. What is in the queue already is not filed twice; what failed before is tried anew.
 * @param signal ends the waiting; the work goes on
 */
export async function fileTasks(
  address: string,
  tasks: readonly Task[],
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const redis = await connect(address);
  const listening = await connect(address);
  const queue = new Queue(QUEUE, { connection: redis });
  const events = new QueueEvents(QUEUE, { connection: listening });
  try {
    await events.waitUntilReady();
    const filed: { readonly task: Task; readonly job: Job }[] = [];
    for (const task of tasks) {
      if (isDone(task)) report.over(task.title, { kind: 'there' });
      else filed.push({ task, job: await fileTask(queue, task) });
    }
    const titles = new Map(filed.map(({ task, job }) => [job.id, task.title]));
    events.on('progress', ({ jobId, data }) => {
      const title = titles.get(jobId);
      const { share, rate } = data as Partial<TaskProgress>;
      if (title !== undefined && typeof share === 'number')
        report.progress(title, share, typeof rate === 'number' ? rate : 0);
    });
    const stopped = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const all = filed.map(async ({ task, job }) => {
      const result = await endOf(job, events);
      if (!signal.aborted) report.over(task.title, result);
    });
    await Promise.race([Promise.all(all), stopped]);
  } finally {
    await Promise.allSettled([events.close(), queue.close()]);
    redis.disconnect();
    listening.disconnect();
  }
}

async function fileTask(queue: Queue, task: Task): Promise<Job> {
  // The same recording may be wanted in two places.
  const id = `${task.id}.${createHash('sha256').update(task.out).digest('hex').slice(0, 8)}`;
  const old: Job | undefined = await queue.getJob(id);
  // Its results are not there, whatever it says.
  if (old && ((await old.isFailed()) || (await old.isCompleted()))) await old.remove();
  return queue.add('recording', task, {
    jobId: id,
    attempts: ATTEMPTS,
    backoff: { type: 'exponential', delay: BACKOFF },
  });
}

async function endOf(job: Job, events: QueueEvents): Promise<WorkResult> {
  try {
    const result = (await job.waitUntilFinished(events)) as Partial<WorkResult> | null;
    if (result?.kind === 'there') return { kind: 'there' };
    const { frames = 0, note = '' } = (result ?? {}) as { frames?: number; note?: string };
    return { kind: 'done', frames, note };
  } catch (error) {
    return { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
  }
}
