/**
 * What the page needs of a browser, as one table: how bad it is when something is missing, why, and what would help. The
 * page speaks from it before anything fails. What it cannot begin without is also asked by `public/needs.js`, a plain
 * script for browsers that cannot even read this file; a test holds the two together.
 */
import { say, type WordKey } from '../../words/words';

/**
 * `blocking`: nothing can be shown without it. `degraded`: something the page offers cannot be had. `informative`:
 * everything works, another way.
 */
export type Severity = 'blocking' | 'degraded' | 'informative';

/** Names of the lines: for each the catalogue has what it is, and what is missing without it. */
type CapabilityId = WordKey extends infer Key ? (Key extends `lacks.${infer Id}.name` ? Id : never) : never;

type HelpKey = Extract<WordKey, `help.${string}`>;

/** Something a browser has or has not. */
export interface Capability {
  readonly id: CapabilityId;
  readonly severity: Severity;
  /** What would help, in sentences of the catalogue. */
  readonly help: readonly HelpKey[];
  /** Whether it is there. Never throws. */
  readonly has: (scope: BrowserScope) => boolean;
}

/** What is looked at: a window, or a test's. */
export interface BrowserScope {
  /** Whether a path of properties leads to something, such as `VideoFrame` or `navigator.gpu`. */
  readonly there: (path: string) => boolean;
  /** Whether the page is isolated, so that threads can share memory. */
  readonly isolated: boolean;
  /** Whether it came over HTTPS or from this machine. */
  readonly secure: boolean;
}

const there =
  (...paths: string[]) =>
  ({ there }: BrowserScope): boolean =>
    paths.every(there);

/** The table, worst first. */
export const CAPABILITIES: readonly Capability[] = [
  {
    id: 'wasm',
    severity: 'blocking',
    help: ['help.update'],
    has: there('WebAssembly'),
  },
  {
    id: 'offscreen-canvas',
    severity: 'blocking',
    help: ['help.update'],
    has: there('OffscreenCanvas', 'HTMLCanvasElement.prototype.transferControlToOffscreen'),
  },
  {
    id: 'video-frames',
    severity: 'blocking',
    help: ['help.secure', 'help.update'],
    has: there('VideoFrame'),
  },
  {
    id: 'language',
    severity: 'blocking',
    help: ['help.update'],
    has: there('Array.prototype.toSorted', 'HTMLElement.prototype.togglePopover', 'Set.prototype.union'),
  },
  {
    id: 'isolation',
    severity: 'degraded',
    help: ['help.headers'],
    has: ({ isolated }) => isolated,
  },
  {
    id: 'webgpu',
    severity: 'degraded',
    help: ['help.webgpu'],
    has: there('navigator.gpu'),
  },
  {
    id: 'decoder',
    severity: 'degraded',
    help: ['help.update'],
    has: there('VideoDecoder'),
  },
  {
    id: 'encoder',
    severity: 'degraded',
    help: ['help.update'],
    has: there('VideoEncoder'),
  },
  {
    id: 'cameras',
    severity: 'degraded',
    help: ['help.secure'],
    has: ({ there, secure }) => secure && there('navigator.mediaDevices.getUserMedia'),
  },
  {
    id: 'files',
    severity: 'degraded',
    help: ['help.secure', 'help.private'],
    has: there('navigator.storage.getDirectory'),
  },
  {
    id: 'settings',
    severity: 'degraded',
    help: ['help.storage'],
    has: there('localStorage'),
  },
  {
    id: 'offline',
    severity: 'informative',
    help: ['help.secure', 'help.storage'],
    has: there('navigator.serviceWorker'),
  },
  {
    id: 'track-frames',
    severity: 'informative',
    help: ['help.chromium'],
    has: there('MediaStreamTrackProcessor'),
  },
  {
    id: 'save-dialog',
    severity: 'informative',
    help: ['help.chromium'],
    has: there('showSaveFilePicker'),
  },
];

/** What of the table is missing, worst first. */
export function missingOf(scope: BrowserScope): readonly Capability[] {
  return CAPABILITIES.filter(({ has }) => !has(scope));
}

/** What is missing without a line of the table, and what would help, as sentences. */
export function lackWords({ id, help }: Pick<Capability, 'id' | 'help'>): string {
  return [say(`lacks.${id}.reason`), ...help.map((key) => say(key))].join(' ');
}

/** The browser that runs this. */
export function thisBrowser(): BrowserScope {
  return {
    there: (path) => {
      try {
        let at: unknown = globalThis;
        for (const name of path.split('.')) {
          if (at === null || at === undefined) return false;
          at = Reflect.get(Object(at), name);
        }
        return at !== undefined && at !== null;
      } catch {
        // Touching it is forbidden, as storage can be.
        return false;
      }
    },
    isolated: globalThis.crossOriginIsolated === true,
    secure: globalThis.isSecureContext === true,
  };
}
