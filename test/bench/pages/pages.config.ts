/**
 * Builds the pages of the tools exactly as the product's page is built, from the same sources.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, mergeConfig } from 'vite';
import product from '../../../vite.config.ts';

export default mergeConfig(
  product,
  defineConfig({
    root: import.meta.dirname,
    publicDir: false,
    build: {
      outDir: join(import.meta.dirname, '..', '..', 'output', 'pages'),
      emptyOutDir: true,
      rolldownOptions: {
        input: readdirSync(import.meta.dirname)
          .filter((name) => name.endsWith('.html'))
          .map((name) => join(import.meta.dirname, name)),
      },
    },
  }),
);
