/**
 * Whether a machine with other things to do kept a run from its processors: how long its threads were ready and waited
 * (Linux's `schedstat`), and how much of the machine others had meanwhile.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Counts of processor time since some beginning, in seconds. */
export interface Scheduled {
  /** What the run's threads got, and for how long they were ready and waited. */
  readonly ran: number;
  readonly waited: number;
  /** What all processes of the machine got, and what it has in that time. */
  readonly busy: number;
  readonly capacity: number;
}

/** What became of a run between two counts, as shares from 0 to 1. */
export interface Starvation {
  /** Of the time for which its threads were ready, what they waited. */
  readonly waited: number;
  /** Of the machine, what others had. */
  readonly others: number;
}

/** Threads that wait longer than they run, while others have this share of the machine, are starved by those. */
const WAITED_MOST = 0.5;
const OTHERS_MOST = 0.25;

/** Clock ticks a second, as `/proc/stat` counts (USER_HZ). */
const TICKS = 100;

/** Counts. @param pids processes of the run; those that have ended are left out */
export function scheduledOf(pids: readonly number[]): Scheduled {
  let [ran, waited] = [0, 0];
  for (const pid of pids)
    for (const text of threadsOf(pid)) {
      const [on, ready] = text.split(' ').map(Number);
      ran += on! / 1e9;
      waited += ready! / 1e9;
    }
  const times = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1]?.split(' ').map(Number) ?? [];
  // User, nice, system, idle, waiting for a disk, interrupts of both kinds, stolen (proc(5)).
  const [user = 0, nice = 0, system = 0, , , hard = 0, soft = 0, stolen = 0] = times;
  const busy = (user + nice + system + hard + soft + stolen) / TICKS;
  return { ran, waited, busy, capacity: (performance.now() / 1000) * cpus().length };
}

/** What became of it. */
export function starvationOf(before: Scheduled, after: Scheduled): Starvation {
  const grown = (of: (counts: Scheduled) => number) => Math.max(0, of(after) - of(before));
  const [ran, waited] = [grown(({ ran }) => ran), grown(({ waited }) => waited)];
  const capacity = grown(({ capacity }) => capacity);
  return {
    waited: waited / Math.max(ran + waited, Number.EPSILON),
    others: Math.min(1, Math.max(0, grown(({ busy }) => busy) - ran) / Math.max(capacity, Number.EPSILON)),
  };
}

/** Whether what was not done in that time says anything of the run. */
export function isStarved({ waited, others }: Starvation): boolean {
  return waited > WAITED_MOST && others > OTHERS_MOST;
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
      try {
        return [readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1')];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}
