/**
 * Serves networks to the benchmark's page.
 */
import type { ServerPart } from '../../../src/server/app.ts';
import type { ModelFile } from '../model-file.ts';

/** Networks by the names under which the page asks for them: `/data/NAME/manifest` and `/data/NAME/file`. */
export function networkPart(networks: Readonly<Record<string, ModelFile>>): ServerPart {
  return async (app) => {
    for (const [name, { manifest, bytes }] of Object.entries(networks)) {
      app.get(`/data/${name}/manifest`, async () => manifest);
      app.get(`/data/${name}/file`, (_request, reply) => reply.type('application/octet-stream').send(bytes));
    }
  };
}
