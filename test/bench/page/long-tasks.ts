/** Tasks of a page's main thread out of a trace, by the thread's own time: what others do on a busy machine is not in it. */
import { z } from 'zod';

/** What is traced. */
export const TRACED = [
  'toplevel',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'blink.user_timing',
];

/** A task longer than this keeps a person waiting, in milliseconds. */
const LONG = 50;

const event = z.object({
  name: z.string(),
  pid: z.number(),
  tid: z.number(),
  /** Microseconds: when it began, how long it took, and how long the thread worked on it. */
  ts: z.number().default(0),
  dur: z.number().default(0),
  tdur: z.number().optional(),
  args: z.looseObject({}).default({}),
});
type TraceEvent = z.output<typeof event>;

const trace = z.object({ traceEvents: z.array(z.unknown()) });

/** A task that took long. */
export interface LongTask {
  /** Milliseconds after the mark at which it began. */
  readonly after: number;
  /** Milliseconds that the thread worked on it. */
  readonly worked: number;
  /** The longest of what ran in it, with its script where it has one. */
  readonly what: string;
}

/**
 * The long tasks behind a mark of the page, in their order.
 * @param json a trace as Chromium writes it
 * @param mark name of a `performance.mark`
 * @throws RangeError where the trace has no such mark
 */
export function longTasksAfter(json: string, mark: string): readonly LongTask[] {
  const events = trace
    .parse(JSON.parse(json))
    .traceEvents.flatMap((each) => event.safeParse(each).data ?? []);
  const marked = events.find(({ name }) => name === mark);
  if (!marked) throw new RangeError(`The trace has no mark "${mark}".`);
  const here = events.filter(({ pid, tid }) => pid === marked.pid && tid === marked.tid);
  return here
    .filter((each) => /RunTask$/.test(each.name) && each.ts > marked.ts && workedOn(each) > LONG)
    .sort((a, b) => a.ts - b.ts)
    .map((task) => ({
      after: (task.ts - marked.ts) / 1000,
      worked: workedOn(task),
      what: longestIn(task, here),
    }));
}

function workedOn({ tdur, dur }: TraceEvent): number {
  return (tdur ?? dur) / 1000;
}

function longestIn(task: TraceEvent, events: readonly TraceEvent[]): string {
  const inside = events
    .filter((each) => each !== task && !/RunTask$/.test(each.name))
    .filter(({ ts, dur }) => ts >= task.ts && ts + dur <= task.ts + task.dur && dur > 0)
    .sort((a, b) => workedOn(b) - workedOn(a))
    .slice(0, 3);
  return inside.map((each) => `${each.name}${scriptOf(each)} ${workedOn(each).toFixed(0)} ms`).join(', ');
}

/** The script of an event, by its file's name. */
function scriptOf({ args }: TraceEvent): string {
  const told = z.looseObject({ url: z.string().optional(), fileName: z.string().optional() });
  const { url, fileName } = told.safeParse(args.data).data ?? {};
  const script = (url ?? fileName ?? '')
    .replace(/[?#].*$/, '')
    .split('/')
    .at(-1);
  return script ? ` (${script})` : '';
}
