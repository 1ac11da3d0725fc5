import { cp, mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Connect, defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { ISOLATION_HEADERS, RESPONSE_HEADERS } from './src/server/headers.ts';
import { litertGlue } from './src/server/litert-glue.ts';

/** Puts the networks and their manifests beside the built app, under the address they have in development. */
function models(): Plugin {
  let out = '';
  return {
    name: 'carriageway-models',
    apply: 'build',
    configResolved(config) {
      out = resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const from = join(import.meta.dirname, 'models');
      const to = join(out, 'models');
      await mkdir(to, { recursive: true });
      for (const name of await readdir(from))
        if (/\.(onnx|tflite|json)$/.test(name)) await cp(join(from, name), join(to, name));
    },
  };
}

/** Puts the headers on every response, also those that `server.headers` leaves out (404s, redirects). */
function headers(): Plugin {
  // The test runner's own page has inline scripts and frames, which the product's CSP forbids.
  const set = Object.entries(process.env.VITEST ? ISOLATION_HEADERS : RESPONSE_HEADERS);
  const handler: Connect.NextHandleFunction = (_request, response, next) => {
    for (const [name, value] of set) response.setHeader(name, value);
    next();
  };
  return {
    name: 'carriageway-headers',
    configureServer: (server) => void server.middlewares.use(handler),
  };
}

/** Workers inside workers are bundled one inside the other; that it takes seconds is no news. */
const QUIET = { pluginTimings: false };

export default defineConfig({
  plugins: [headers(), litertGlue(), models()],
  resolve: {
    // The bundle that leaves its runtime outside: otherwise each WASM thread runs the worker's module again.
    conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
  },
  // onnxruntime's glue is a module with top-level await.
  worker: { format: 'es', plugins: () => [litertGlue()], rolldownOptions: { checks: QUIET } },
  optimizeDeps: {
    // Pre-bundling would move `import.meta.url` away from the .wasm files.
    exclude: ['onnxruntime-web', '@litertjs/core', '@litertjs/wasm-utils'],
    // Found only when a worker is loaded otherwise, and then the page is loaded a second time.
    include: ['comlink', 'mediabunny', 'three', 'three/tsl', 'three/webgpu', 'zod'],
  },
  build: {
    target: 'esnext',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
    rolldownOptions: { checks: QUIET },
  },
  // The test runner answers for its own page before any plugin's middleware, and takes the headers from here.
  server: { host: '127.0.0.1', ...(process.env.VITEST ? { headers: { ...ISOLATION_HEADERS } } : {}) },
});
