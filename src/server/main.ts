/**
 * `npm start`: serves the built page until told to stop.
 */
import { join } from 'node:path';
import { createApp } from './app.ts';
import { type Certificate, makeCertificate, readCertificate } from './certificate.ts';
import { readConfig, type ServerConfig } from './config.ts';
import { ConfigError } from './config-error.ts';
import { listen } from './listen.ts';
import { openLive } from './live/open-live.ts';
import { openLog } from './log.ts';
import { ROOT } from './prepare.mjs';
import { hardExit, untilStopped } from './shutdown.ts';
import { staticFiles } from './static-files.ts';
import { USAGE } from './usage.mjs';

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
    const log = openLog(config.log);
    const certificate = certificateOf(config);
    await using live = openLive(config, log);
    const app = await createApp([staticFiles(join(ROOT, 'dist')), ...live.parts], {
      log,
      embedders: config.embedders,
      ...(certificate ? { https: certificate } : {}),
    });
    try {
      const address = await listen(app, config);
      console.log(greeting(address, config, certificate));
      console.log(await live.greeting(address));
      await untilStopped();
      await live.drain(config.live.drain * 1000);
    } finally {
      // Whatever hangs, the process ends: nothing after this may hold it. It is not taken back, since the workers are
      // closed last of all.
      hardExit();
      await app.close();
    }
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    return 1;
  }
}

function certificateOf({ https, live }: ServerConfig): Certificate | null {
  if (!https) return null;
  return https.files ? readCertificate(https.files.cert, https.files.key) : makeCertificate(live.announce);
}

function greeting(address: string, config: ServerConfig, certificate: Certificate | null): string {
  const lines = [
    '',
    `Carriageway runs at ${address}`,
    'Open it: the simulated drive is already being segmented. Ctrl-C stops the server.',
    `(host ${config.host}: ${config.origin.host}; port ${new URL(address).port}: ${config.origin.port})`,
  ];
  if (certificate?.made)
    lines.push(
      'Its certificate was made just now, and browsers will warn of it. Compare before you go on:',
      `SHA-256 ${certificate.fingerprint}`,
    );
  if (!certificate && config.host !== '127.0.0.1' && config.host !== 'localhost' && config.host !== '::1')
    lines.push(
      'From other machines the browser offers WebGPU and the camera over HTTPS only: put a proxy with a certificate in front, or start with --https.',
    );
  return lines.join('\n');
}
