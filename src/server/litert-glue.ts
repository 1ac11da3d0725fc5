/**
 * LiteRT's glue as modules. The package ships classic scripts that declare `ModuleFactory` and are meant for
 * `importScripts`, which workers of type module do not have; here each becomes a module with that function as its
 * default export. A plugin for Vite, in development and in builds.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const PREFIX = 'virtual:litert/';
const INNER = `\0${PREFIX}`;

/** The package has no map of exports; its folder is found through its entry. */
const FOLDER = join(dirname(createRequire(import.meta.url).resolve('@litertjs/core')), '..', 'wasm');

/** Serves `virtual:litert/NAME.js` for each script NAME.js of the package's `wasm` folder. */
export function litertGlue(): Plugin {
  return {
    name: 'carriageway-litert-glue',
    enforce: 'pre',
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(INNER)) return undefined;
      return `${readFileSync(join(FOLDER, id.slice(INNER.length)), 'utf8')}\nexport default ModuleFactory;`;
    },
  };
}
