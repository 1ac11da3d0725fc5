import { join, resolve } from 'node:path';
import { type Connect, defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { compressFolder } from './src/server/compress.ts';
import { copyModels, layModels } from './src/server/copy-models.ts';
import { earlyScripts } from './src/server/early-scripts.ts';
import { DEVELOPMENT_HEADERS, ISOLATION_HEADERS } from './src/server/headers.ts';
import { layIcons } from './src/server/icons.ts';
import { litertGlue } from './src/server/litert-glue.ts';
import { layServiceWorker } from './src/server/offline.ts';

/**
 * Puts the networks beside the built app: manifests under the address they have in development, files among the assets
 * with their hash in the name, where browsers may keep them for ever. Then icons, the service worker with the list of
 * all that, and the smaller twins of everything.
 * Beside what others serve they lie in one folder, as they are, to be taken along whole.
 */
function models(): Plugin {
  let out = '';
  let served = false;
  return {
    name: 'carriageway-models',
    apply: 'build',
    configResolved(config) {
      out = resolve(config.root, config.build.outDir);
      // The tools' pages and the package are built with the same settings, and our server does not show them.
      served = out === join(import.meta.dirname, 'dist');
    },
    async closeBundle() {
      const networks = join(import.meta.dirname, 'models');
      if (!served) return layModels(networks, join(out, 'models'));
      await copyModels(networks, out);
      await layIcons(out);
      // Last of what is listed: it has the hash of each file.
      await layServiceWorker(import.meta.dirname, out);
      await compressFolder(
        out,
        join(import.meta.dirname, 'node_modules', '.cache', 'carriageway-compressed'),
      );
    },
  };
}

/** Puts the headers on every response, also those that `server.headers` leaves out (404s, redirects). */
function headers(): Plugin {
  // The test runner's own page has inline scripts and frames, which the product's CSP forbids.
  const set = Object.entries(process.env.VITEST ? ISOLATION_HEADERS : DEVELOPMENT_HEADERS);
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
  plugins: [headers(), litertGlue(), earlyScripts('/src/studio/shell/main.ts'), models()],
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
    include: [
      '@preact/signals-core',
      'comlink',
      'lit',
      'lit/directive.js',
      'lit/directives/keyed.js',
      'lit/directives/live.js',
      'lit/directives/repeat.js',
      'mediabunny',
      'three',
      'three/tsl',
      'three/webgpu',
      'zod',
    ],
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
