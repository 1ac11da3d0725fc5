/**
 * What the page needs of a browser, as one table: how bad it is when something is missing, why, and what would help. The
 * page speaks from it before anything fails. What it cannot begin without is also asked by `public/needs.js`, a plain
 * script for browsers that cannot even read this file; a test holds the two together.
 */

/**
 * `blocking`: nothing can be shown without it. `degraded`: something the page offers cannot be had. `informative`:
 * everything works, another way.
 */
export type Severity = 'blocking' | 'degraded' | 'informative';

/** Something a browser has or has not. */
export interface Capability {
  readonly id: string;
  /** What it is, in the field's word. */
  readonly name: string;
  readonly severity: Severity;
  /** What is missing without it, in one sentence. */
  readonly reason: string;
  /** What would help, in one sentence. */
  readonly help: string;
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

const UPDATE = 'Update the browser: Chrome, Edge or another Chromium from 121 on, Firefox from 130 on.';
const SECURE = 'Open the page over HTTPS or from this machine.';
const there =
  (...paths: string[]) =>
  ({ there }: BrowserScope): boolean =>
    paths.every(there);

/** The table, worst first. */
export const CAPABILITIES: readonly Capability[] = [
  {
    id: 'wasm',
    name: 'WebAssembly',
    severity: 'blocking',
    reason: 'The network is run by it.',
    help: UPDATE,
    has: there('WebAssembly'),
  },
  {
    id: 'offscreen-canvas',
    name: 'OffscreenCanvas',
    severity: 'blocking',
    reason: 'The picture is drawn in a worker.',
    help: UPDATE,
    has: there('OffscreenCanvas', 'HTMLCanvasElement.prototype.transferControlToOffscreen'),
  },
  {
    id: 'video-frames',
    name: 'WebCodecs',
    severity: 'blocking',
    reason: 'Pictures travel as video frames.',
    help: `${SECURE} ${UPDATE}`,
    has: there('VideoFrame'),
  },
  {
    id: 'language',
    name: 'JavaScript of 2023',
    severity: 'blocking',
    reason: 'The page is written in it.',
    help: UPDATE,
    has: there('Array.prototype.toSorted', 'HTMLElement.prototype.togglePopover', 'Set.prototype.union'),
  },
  {
    id: 'isolation',
    name: 'Isolated page',
    severity: 'degraded',
    reason: 'Without isolation the network runs on one thread.',
    help: 'Serve the page with its headers (COOP and COEP), as npm start does.',
    has: ({ isolated }) => isolated,
  },
  {
    id: 'webgpu',
    name: 'WebGPU',
    severity: 'degraded',
    reason: 'The network runs on the processor and is slower.',
    help: 'Use a browser with WebGPU on a machine with a GPU.',
    has: there('navigator.gpu'),
  },
  {
    id: 'decoder',
    name: 'Video decoder',
    severity: 'degraded',
    reason: 'Recordings cannot be played.',
    help: UPDATE,
    has: there('VideoDecoder'),
  },
  {
    id: 'encoder',
    name: 'Video encoder',
    severity: 'degraded',
    reason: 'No video can be exported; masks and figures can.',
    help: UPDATE,
    has: there('VideoEncoder'),
  },
  {
    id: 'cameras',
    name: 'Cameras',
    severity: 'degraded',
    reason: 'The page cannot ask for a camera.',
    help: SECURE,
    has: ({ there, secure }) => secure && there('navigator.mediaDevices.getUserMedia'),
  },
  {
    id: 'files',
    name: 'Private files',
    severity: 'degraded',
    reason: 'Analyses cannot be kept and nothing can be exported.',
    help: `${SECURE} Private windows of some browsers have none.`,
    has: there('navigator.storage.getDirectory'),
  },
  {
    id: 'settings',
    name: 'Settings',
    severity: 'degraded',
    reason: 'Regions, marks and camera angles last as long as the page.',
    help: 'Allow the page to keep data in this browser.',
    has: there('localStorage'),
  },
  {
    id: 'offline',
    name: 'Service worker',
    severity: 'informative',
    reason: 'The page needs its server for each visit.',
    help: `${SECURE} Allow the page to keep data in this browser.`,
    has: there('navigator.serviceWorker'),
  },
  {
    id: 'track-frames',
    name: 'Track processor',
    severity: 'informative',
    reason: 'Cameras are read through a video element.',
    help: 'Chromium browsers have one.',
    has: there('MediaStreamTrackProcessor'),
  },
  {
    id: 'save-dialog',
    name: 'Save dialog',
    severity: 'informative',
    reason: 'Exports are made in the browser and then downloaded.',
    help: 'Chromium browsers have one.',
    has: there('showSaveFilePicker'),
  },
];

/** What of the table is missing, worst first. */
export function missingOf(scope: BrowserScope): readonly Capability[] {
  return CAPABILITIES.filter(({ has }) => !has(scope));
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
