import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { ISOLATION_HEADERS, RESPONSE_HEADERS } from './src/server/headers.ts';

/** Puts the networks and their manifests beside the built app, under the address they have in development. */
function models(): Plugin {
  return {
    name: 'carriageway-models',
    apply: 'build',
    async closeBundle() {
      const from = join(import.meta.dirname, 'models');
      const to = join(import.meta.dirname, 'dist', 'models');
      await mkdir(to, { recursive: true });
      for (const name of await readdir(from))
        if (/\.(onnx|json)$/.test(name)) await cp(join(from, name), join(to, name));
    },
  };
}

export default defineConfig({
  plugins: [models()],
  resolve: {
    // The bundle that leaves its runtime outside: otherwise each WASM thread runs the worker's module again.
    conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
  },
  // onnxruntime's glue is a module with top-level await.
  worker: { format: 'es' },
  // Pre-bundling would move `import.meta.url` away from the .wasm files.
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  build: { target: 'esnext', assetsInlineLimit: 0, chunkSizeWarningLimit: 4000 },
  // The test runner's own page has inline scripts and frames, which the product's CSP forbids.
  server: { headers: { ...(process.env.VITEST ? ISOLATION_HEADERS : RESPONSE_HEADERS) }, host: '127.0.0.1' },
});
