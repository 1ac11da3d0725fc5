/**
 * The evaluation's page: does nothing but start the worker, as the product's page does.
 */
import { wrap } from 'comlink';
import type { EvaluateService } from './evaluate.worker';

const worker = new Worker(new URL('./evaluate.worker.ts', import.meta.url), { type: 'module' });
const service = wrap<EvaluateService>(worker);

Object.assign(globalThis, { run: () => service.run() });
