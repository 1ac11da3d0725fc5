/** Loads a network in a worker, twice: from the network, and with the network gone. Answers with what it got. */
import { loadModel } from '../../../src/model/load-model';

/** What the test sends: an address, and the bytes that stand behind some addresses. */
export interface LoadRequest {
  readonly url: string;
  readonly files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>;
}

/** What it hears back. */
export interface LoadReply {
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly phases: readonly string[];
  readonly error: string | null;
}

self.onmessage = async ({ data: { url, files } }: MessageEvent<LoadRequest>) => {
  let offline = false;
  self.fetch = async (address) => {
    const content = files[new URL(String(address)).pathname];
    if (offline || content === undefined) throw new TypeError('Failed to fetch');
    return new Response(content);
  };
  const phases: string[] = [];
  const load = async () => {
    const { bytes } = await loadModel(url, {
      wanted: { runtime: 'onnxruntime', precision: 'fp16' },
      onProgress: ({ phase }) => phases.push(phase),
    });
    return [...new Uint8Array(bytes)];
  };
  try {
    const first = await load();
    offline = true;
    phases.length = 0;
    self.postMessage({ first, second: await load(), phases, error: null } satisfies LoadReply);
  } catch (error) {
    self.postMessage({ first: [], second: [], phases, error: String(error) } satisfies LoadReply);
  }
};
