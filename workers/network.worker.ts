/** Entry of the worker in which a network runs on the processor, and nothing else. */
import { reportOf } from '../src/errors';
import type { FromNetwork, ToNetwork } from '../src/perception/network-protocol';
import { NetworkRunner } from '../src/perception/network-runner';

let network: NetworkRunner | null = null;

function post(message: FromNetwork, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

self.onmessage = async ({ data }: MessageEvent<ToNetwork>) => {
  switch (data.type) {
    case 'warm':
      void NetworkRunner.warm(data);
      return;
    case 'start':
      try {
        network = await NetworkRunner.create(data);
        const { description, manifest } = network;
        post({ type: 'started', description, manifest });
      } catch (error) {
        post({ type: 'start-failed', error: reportOf(error, 'model-load-failed') });
      }
      return;
    case 'run':
      try {
        if (!network) throw new Error('run before start');
        const run = await network.run(data.image, data.gate);
        post({ type: 'scores', ...run }, [run.image.buffer, run.scores.buffer]);
      } catch (error) {
        post({ type: 'run-failed', error: reportOf(error, 'inference-failed') });
      }
  }
};
