// Threads of WebAssembly need an isolated page; without these headers one thread is used.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default {
  base: './',
  worker: { format: 'es' },
  build: { target: 'esnext', assetsInlineLimit: 0 },
  optimizeDeps: { exclude: ['carriageway'] },
  server: { headers },
  preview: { headers },
};
