/** A network and a cache for the tests of loading: addresses with what they answer, and requests counted. */
import type { LoadWorld } from '../../../src/model/load-model';

/** What an address answers: bytes or text with status 200, a response, or a broken connection. */
export type Answer = Uint8Array<ArrayBuffer> | string | (() => Response) | 'broken';

/** A cache in memory. Answers are copied, as in the real one. */
class FakeCache {
  readonly entries = new Map<string, Response>();

  async match(request: RequestInfo | URL): Promise<Response | undefined> {
    return this.entries.get(keyOf(request))?.clone();
  }

  async put(request: RequestInfo | URL, response: Response): Promise<void> {
    this.entries.set(keyOf(request), response);
  }

  async delete(request: RequestInfo | URL): Promise<boolean> {
    return this.entries.delete(keyOf(request));
  }

  async keys(): Promise<Request[]> {
    return [...this.entries.keys()].map((url) => new Request(url));
  }
}

function keyOf(request: RequestInfo | URL): string {
  return request instanceof Request ? request.url : String(request);
}

export class FakeWorld implements LoadWorld {
  readonly base = 'https://road.example/app/';
  readonly cache = new FakeCache();
  /** By address. */
  readonly answers = new Map<string, Answer>();
  /** Addresses asked for, with the cache mode. */
  readonly asked: string[] = [];
  offline = false;
  caches: LoadWorld['caches'] = { open: async () => this.cache as unknown as Cache };

  readonly fetch: LoadWorld['fetch'] = async (url, init) => {
    this.asked.push(`${new URL(url).pathname} ${init.cache}`);
    init.signal?.throwIfAborted();
    const answer = this.answers.get(url);
    if (this.offline || answer === 'broken') throw new TypeError('Failed to fetch');
    if (answer === undefined) return new Response('Not found', { status: 404 });
    if (typeof answer === 'function') return answer();
    return new Response(answer);
  };
}

/** A response that arrives in pieces; counts how many were read, and whether it was cancelled. */
export function inPieces(
  pieces: readonly Uint8Array[],
  headers: Record<string, string> = {},
): { response: () => Response; state: { read: number; cancelled: boolean } } {
  const state = { read: 0, cancelled: false };
  const response = () =>
    new Response(
      new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            const piece = pieces[state.read];
            if (!piece) return controller.close();
            state.read++;
            controller.enqueue(piece);
          },
          cancel() {
            state.cancelled = true;
          },
        },
        { highWaterMark: 0 },
      ),
      { headers },
    );
  return { response, state };
}
