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

/** Modules of Node that the script asks for when it runs there, which it never does here. */
const NODE_MODULE = /\b(?:require|import)\(\s*(["'])node:[\w/]+\1\s*\)/g;

/** A name of Node that the script tries, which bundlers take for theirs to fill in, each in its own way. */
const NODE_NAME = /\btypeof __filename\b/g;

/** Where the script, its factory made, goes on to export it in the ways of Node. */
const NODE_EXPORT = /^if \(typeof exports === ['"]object['"]/m;

/** A classic script as a module, without what it does in Node: bundlers would look for that. */
function asModule(script: string): string {
  const end = script.search(NODE_EXPORT);
  const factory = (end < 0 ? script : script.slice(0, end))
    .replace(NODE_MODULE, 'null')
    .replace(NODE_NAME, '"undefined"');
  return `${factory}\nexport default ModuleFactory;`;
}

/** Serves `virtual:litert/NAME.js` for each script NAME.js of the package's `wasm` folder. */
export function litertGlue(): Plugin {
  return {
    name: 'carriageway-litert-glue',
    enforce: 'pre',
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(INNER)) return undefined;
      return asModule(readFileSync(join(FOLDER, id.slice(INNER.length)), 'utf8'));
    },
  };
}
