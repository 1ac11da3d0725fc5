/** The workers of an engine, where the page makes them for a worker. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type EngineWorker, engineWorker, lendEngineWorkers } from '../../../src/perception/engine-workers';

/** Workers that were made: masks, network. */
let made: Made[];

class Made extends EventTarget {
  onerror: ((event: { message: string; preventDefault(): void }) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  readonly heard: { readonly type: string; readonly engine?: MessagePort; readonly port?: MessagePort }[] =
    [];
  ended = false;

  constructor(
    readonly url: URL,
    readonly options: { readonly name: string },
  ) {
    super();
    if (refuse) throw new Error('refused');
    made.push(this);
  }

  postMessage(message: (typeof this.heard)[number]): void {
    this.heard.push(message);
  }

  terminate(): void {
    this.ended = true;
  }
}

let refuse = false;
/** The worker that starts engines, as its page has it. */
let stage: EventTarget;
const open: EngineWorker[] = [];

beforeEach(() => {
  made = [];
  refuse = false;
  stage = new EventTarget();
  vi.stubGlobal('Worker', Made);
  vi.stubGlobal(
    'ErrorEvent',
    class extends Event {
      readonly message: string;
      constructor(type: string, init: ErrorEventInit) {
        super(type, init);
        this.message = init.message ?? '';
      }
    },
  );
  vi.stubGlobal('navigator', {
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0',
  });
});

afterEach(() => {
  for (const worker of open.splice(0)) worker.terminate();
  vi.unstubAllGlobals();
});

/** An engine's workers as somebody in a worker asks for them; what it posts arrives in the page. */
function wished(): EngineWorker {
  vi.stubGlobal('WorkerGlobalScope', class {});
  vi.stubGlobal('postMessage', (data: unknown) => stage.dispatchEvent(new MessageEvent('message', { data })));
  const worker = engineWorker();
  open.push(worker);
  return worker;
}

const byName = (name: string): Made => {
  const found = made.find(({ options }) => options.name === name);
  if (!found) throw new Error(`${name} was not made`);
  return found;
};

test('in Firefox the page makes both, and what is said goes between them without it', async () => {
  using _lent = lendEngineWorkers(stage as unknown as Worker);
  const worker = wished();
  expect(made.map(({ options }) => options.name).toSorted()).toEqual([
    'carriageway-inference',
    'carriageway-network',
  ]);
  const [met] = byName('carriageway-inference').heard;
  expect(met).toMatchObject({ type: 'met' });
  expect(byName('carriageway-network').heard).toMatchObject([{ type: 'met' }]);
  const { engine } = met!;
  const answered = new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
  });
  engine!.onmessage = ({ data }) => engine!.postMessage(`${data} back`);
  worker.postMessage('there and');
  expect(await answered).toBe('there and back');
  engine!.close();
});

test('ends both with the engine', async () => {
  using _lent = lendEngineWorkers(stage as unknown as Worker);
  wished().terminate();
  await vi.waitFor(() => expect(made.map(({ ended }) => ended)).toEqual([true, true]));
});

test('ends what is left with the worker that asked', () => {
  const lent = lendEngineWorkers(stage as unknown as Worker);
  wished();
  wished();
  expect(made).toHaveLength(4);
  lent[Symbol.dispose]();
  expect(made.every(({ ended }) => ended)).toBe(true);
  // Nobody hears it any more.
  wished();
  expect(made).toHaveLength(4);
});

test.each(['carriageway-inference', 'carriageway-network'])('is told when %s stops', async (name) => {
  using _lent = lendEngineWorkers(stage as unknown as Worker);
  const worker = wished();
  const told = new Promise((resolve) => {
    worker.onerror = ({ message }) => resolve(message);
  });
  byName(name).onerror?.({ message: 'gone', preventDefault: () => {} });
  expect(await told).toBe('gone');
});

test('is told when the page may make none', async () => {
  refuse = true;
  using _lent = lendEngineWorkers(stage as unknown as Worker);
  const worker = wished();
  const told = new Promise((resolve) => {
    worker.onerror = ({ message }) => resolve(message);
  });
  expect(await told).toMatch(/refused/);
});

test('elsewhere who needs one makes it', () => {
  vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 Chrome/156.0.0.0 Safari/537.36' });
  using _lent = lendEngineWorkers(stage as unknown as Worker);
  wished();
  expect(made.map(({ options }) => options.name)).toEqual(['carriageway-inference']);
});
