/**
 * The scene benchmark's page: does nothing but start the worker, as the product's page does.
 */
import { wrap } from 'comlink';
import type { SceneService } from './scene.worker';

const worker = new Worker(new URL('./scene.worker.ts', import.meta.url), { type: 'module' });
const service = wrap<SceneService>(worker);

Object.assign(globalThis, { run: () => service.run() });
