/**
 * `npm start`: serves the built page until told to stop.
 */
import { join } from 'node:path';
import { createApp } from './app.ts';
import { ConfigError, readConfig, type ServerConfig, USAGE } from './config.ts';
import { listen } from './listen.ts';
import { openLive } from './live/open-live.ts';
import { ROOT } from './prepare.mjs';
import { untilStopped } from './shutdown.ts';
import { staticFiles } from './static-files.ts';

/**
 * Checks the settings, builds the page when it is stale, serves it, and returns when the process is told to stop.
 * @param argv arguments after the script's name
 * @param env the process's environment
 * @param build makes sure `dist` is up to date; called once the settings are known to be good
 * @returns exit code
 */
export async function serve(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  build: () => void,
): Promise<number> {
  try {
    const config = readConfig(argv, env);
    if (config === 'help') {
      console.log(USAGE);
      return 0;
    }
    build();
    await using live = openLive(config);
    const app = await createApp([staticFiles(join(ROOT, 'dist')), ...live.parts]);
    try {
      const address = await listen(app, config);
      console.log(greeting(address, config));
      console.log(live.greeting(address));
      await untilStopped();
    } finally {
      await app.close();
    }
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    return 1;
  }
}

function greeting(address: string, config: ServerConfig): string {
  const lines = [
    '',
    `Carriageway runs at ${address}`,
    'Open it: the simulated drive is already being segmented. Ctrl-C stops the server.',
    `(host ${config.host}: ${config.origin.host}; port ${new URL(address).port}: ${config.origin.port})`,
  ];
  if (config.host !== '127.0.0.1' && config.host !== 'localhost' && config.host !== '::1')
    lines.push(
      'From other machines the browser offers WebGPU and the camera over HTTPS only: put a proxy with a certificate in front.',
    );
  return lines.join('\n');
}
