/**
 * Finds the network a tool is asked to run: a built-in one by name, or any ONNX file with a manifest.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { CarriagewayError } from '../../src/errors.ts';
import { chooseFile } from '../../src/model/load-model.ts';
import { type ModelManifest, type ModelRuntime, parseManifest, runtimeOf } from '../../src/model/manifest.ts';
import { fileWishOf } from '../../src/perception/create-engine.ts';
import type { EngineKind } from '../../src/perception/engine.ts';
import { ROOT } from '../../src/server/prepare.mjs';
import { firstTier } from '../../src/stage/tiers.ts';
import { ToolError } from './tool-error.ts';

/** A network ready to be served to a page. */
export interface ModelFile {
  readonly manifest: ModelManifest;
  readonly bytes: Buffer;
  /** What runs the file; onnxruntime-web where nothing is said. */
  readonly runtime?: ModelRuntime;
}

const BUILT_IN = join(ROOT, 'models');
/** Manifests of networks of others, whose files are not in this repository. */
const PEERS = join(ROOT, 'test', 'bench', 'peers');

/**
 * Finds, reads and checks a network.
 * @param asked a name in `models/`, or the path of an ONNX file; the engine's best built-in network when undefined
 * @throws ToolError when there is no such network, its manifest is not valid, or the file is not the manifest's
 */
export function findModel(asked: string | undefined, engine: EngineKind): ModelFile {
  const name = asked ?? firstTier(engine === 'webgpu' ? 'webgpu' : 'cpu', builtInNames()).model;
  return /\.onnx$/i.test(name) ? fromFile(name) : fromName(name, engine);
}

/** Names of the networks in `models/`. */
function builtInNames(): string[] {
  return readdirSync(BUILT_IN)
    .filter((file) => file.endsWith('.json'))
    .map((file) => parse(file).name);
}

function fromName(name: string, engine: EngineKind): ModelFile {
  const path = join(BUILT_IN, `${name}.json`);
  if (!/^[a-z0-9-]+$/.test(name) || !existsSync(path))
    throw new ToolError(
      `There is no network "${name}" in models/ (there are: ${builtInNames().join(', ') || 'none'}).`,
    );
  const manifest = readManifest(path);
  // Software WebGPU and WebAssembly compute in single precision; the half-precision file is the second choice.
  const file = chooseFile(manifest.files, fileWishOf(engine, false));
  return checked(manifest, join(BUILT_IN, file.path));
}

function fromFile(path: string): ModelFile {
  const { name } = parse(path);
  const candidates = [join(dirname(path), `${name}.json`), join(PEERS, `${name}.json`)];
  const found = candidates.find(existsSync);
  if (!found)
    throw new ToolError(`The network ${path} has no manifest; looked for ${candidates.join(' and ')}.`);
  return checked(readManifest(found), path);
}

function readManifest(path: string): ModelManifest {
  try {
    return parseManifest(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const detail = error instanceof CarriagewayError ? error.detail : 'it is not JSON';
    throw new ToolError(`The manifest ${path} is not valid: ${detail}.`);
  }
}

function checked(manifest: ModelManifest, path: string): ModelFile {
  if (!existsSync(path)) throw new ToolError(`There is no file ${path}.`);
  const bytes = readFileSync(path);
  const hash = createHash('sha256').update(bytes).digest('hex');
  const file = manifest.files.find(({ sha256 }) => sha256 === hash);
  if (!file)
    throw new ToolError(
      `${path} is not the file that the manifest "${manifest.name}" describes (SHA-256 ${hash}).`,
    );
  return { manifest, bytes, runtime: runtimeOf(file) };
}
