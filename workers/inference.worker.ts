/** Entry of the worker that makes masks on the processor. The work is in `wasm-inference`, the network in a worker below. */
import { reportOf } from '../src/errors';
import { type MetMessage, networkWorker } from '../src/perception/engine-workers';
import type { FromInference, ToInference } from '../src/perception/inference-protocol';
import { NetworkLink, type NetworkWorker } from '../src/perception/network-link';
import { WasmInference } from '../src/perception/wasm-inference';

/** Where answers go. */
let outlet: Pick<Worker, 'postMessage'> = self as unknown as Worker;
let network: NetworkLink | null = null;
let inference: WasmInference | null = null;

function post(message: FromInference, transfer: Transferable[] = []): void {
  outlet.postMessage(message, { transfer });
}

self.onmessage = ({ data }: MessageEvent<MetMessage | ToInference>) => {
  if (data.type !== 'met') {
    void hear(data);
    return;
  }
  outlet = data.engine;
  network = new NetworkLink(data.network as NetworkWorker);
  data.engine.onmessage = (event: MessageEvent<ToInference>) => void hear(event.data);
};

async function hear(data: ToInference): Promise<void> {
  network ??= new NetworkLink(networkWorker());
  switch (data.type) {
    case 'warm':
      network.warm(data);
      return;
    case 'start':
      try {
        inference = await WasmInference.create(network, data);
        const { description, manifest } = inference;
        post({ type: 'started', description, manifest });
      } catch (error) {
        post({ type: 'start-failed', error: reportOf(error, 'model-load-failed') });
      }
      return;
    case 'open':
      inference?.open(data.stream, data);
      return;
    case 'close':
      inference?.close(data.stream);
      return;
    case 'infer':
      try {
        if (!inference) throw new Error('infer before start');
        const answer = await inference.infer(data);
        const { classes, drivable } = answer.classMap;
        post({ type: 'answer', id: data.id, answer }, [
          answer.mask.buffer,
          answer.pixels.buffer as ArrayBuffer,
          classes.buffer as ArrayBuffer,
          drivable.buffer as ArrayBuffer,
        ]);
      } catch (error) {
        post({ type: 'infer-failed', id: data.id, error: reportOf(error, 'inference-failed') });
      }
  }
}
