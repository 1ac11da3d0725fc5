/** Entry of the worker that makes masks on the processor. The work is in `wasm-inference`, the network in a worker below. */
import { reportOf } from '../src/errors';
import type { FromInference, ToInference } from '../src/perception/inference-protocol';
import { NetworkLink } from '../src/perception/network-link';
import { WasmInference } from '../src/perception/wasm-inference';

const network = new NetworkLink();
let inference: WasmInference | null = null;

function post(message: FromInference, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

self.onmessage = async ({ data }: MessageEvent<ToInference>) => {
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
};
