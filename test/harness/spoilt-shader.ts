/** A server's part that gives the built page with one shader that no WebGPU compiles. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerPart } from '../../src/server/app.ts';
import { ROOT } from '../../src/server/prepare.mjs';

/** The first field of `preprocess.wgsl` that only it has, and what is no type. */
const [SOUND, SPOILT] = ['taps: vec2u,', 'taps: vec9u,'];

/**
 * The scripts that carry the shader, spoilt.
 * @param taken told each time one of them was asked for
 * @throws Error when no script has it: the shader was changed
 */
export function spoiltShader(taken: () => void): ServerPart {
  return async (app) => {
    const folder = join(ROOT, 'dist', 'assets');
    const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
    const carriers = scripts
      .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
      .filter(({ text }) => text.includes(SOUND));
    if (carriers.length === 0) throw new Error(`No script of the built page has "${SOUND}".`);
    for (const { name, text } of carriers)
      app.get(`/assets/${name}`, (_request, reply) => {
        taken();
        return reply.type('text/javascript; charset=utf-8').send(text.replaceAll(SOUND, SPOILT));
      });
  };
}
