/**
 * Notices: every failure as one sentence with a way on, its detail folded. The list is short, so that the page never
 * drowns in its own complaints.
 */
import { type ErrorCode, type ErrorReport, reportOf } from '../../errors';
import type { PlainKey } from '../../words/words';
import type { Store } from './state';

/** Loudness of a notice: `info` tells, `problem` asks for something. */
type NoticeTone = 'info' | 'problem';

/** A button of a notice. */
export interface NoticeAction {
  readonly label: PlainKey;
  readonly run: () => void;
}

/** One sentence on screen. */
export interface Notice extends ErrorReport {
  readonly id: number;
  readonly tone: NoticeTone;
  /** What can be done about it at once; null for nothing. */
  readonly action: NoticeAction | null;
  /** How often it happened while it was on screen. */
  readonly count: number;
}

/** More than this cover the picture on a phone; the oldest one goes. */
const NOTICES_MAX = 3;

/** Codes that only tell how things stand. */
const INFO_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'webgpu-absent',
  'webgpu-software',
  'webgpu-ended-page',
  'engine-ended-page',
  'engine-requested',
  'browser-lacks',
  'update-ready',
  'parameter-ignored',
  'source-clock-jumped',
  'source-gap',
  'sound-not-played',
  'source-other-sounds',
  'picture-moves',
  'files-left',
  'archive-outside',
  'map-waits',
  'rate-lowered',
  'recording-coming',
]);

/** Adds a report to a list of notices; one that is already there is counted and moved to the end. */
export function withNotice(
  notices: readonly Notice[],
  report: ErrorReport,
  id: number,
  action: NoticeAction | null = null,
): readonly Notice[] {
  const same = notices.find((n) => n.code === report.code && n.detail === report.detail);
  const rest = notices.filter((n) => n !== same);
  const tone: NoticeTone = INFO_CODES.has(report.code) ? 'info' : 'problem';
  return [...rest, { ...report, id: same?.id ?? id, tone, action, count: (same?.count ?? 0) + 1 }].slice(
    -NOTICES_MAX,
  );
}

/** What is said of a lost worker, whatever call it failed. */
const OF_THE_WORKER: ReadonlySet<ErrorCode> = new Set(['worker-silent', 'worker-gone', 'worker-not-started']);

/** Puts notices into the state and takes them out again. */
export class Notices {
  #nextId = 1;

  constructor(private readonly store: Store<{ readonly notices: readonly Notice[] }>) {}

  /** Shows a report. @param action a button beside it */
  show(report: ErrorReport, action: NoticeAction | null = null): void {
    this.store.update({ notices: withNotice(this.store.state.notices, report, this.#nextId++, action) });
  }

  /** Shows anything that was thrown; what has no code of its own gets `fallback`. */
  thrown(thrown: unknown, fallback: ErrorCode): void {
    const report = reportOf(thrown, fallback);
    // A lost worker fails every call that waited for it; that it is lost was said once, with its reason.
    const said = this.store.state.notices.some((n) => n.code === report.code);
    if (said && OF_THE_WORKER.has(report.code)) return;
    this.show(report);
  }

  /** Takes one notice away. */
  dismiss(id: number): void {
    this.store.update({ notices: this.store.state.notices.filter((n) => n.id !== id) });
  }

  /** Takes away what no longer holds. */
  clear(...codes: ErrorCode[]): void {
    const rest = this.store.state.notices.filter((n) => !codes.includes(n.code));
    if (rest.length < this.store.state.notices.length) this.store.update({ notices: rest });
  }
}
