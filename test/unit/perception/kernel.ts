/** The compiled `pixels.wasm`, read from disk as Node can. */
import { readFileSync } from 'node:fs';

const directory = new URL('../../../src/perception/', import.meta.url);

/** Text of the source. */
export const kernelSource = readFileSync(new URL('pixels.wat', directory), 'utf8');

/** Where the committed module lies. */
export const kernelFile = new URL('pixels.wasm', directory);

/** Its bytes. */
export const kernelBytes = readFileSync(kernelFile);

/** The compiled module. */
export const kernelModule = new WebAssembly.Module(kernelBytes);
