/** `npm run publish`: a dashcam without a browser. */
import { type PublishOptions, readPublishOptions } from './options.ts';
import { type SendPorts, sendVideo } from './send-video.ts';
import { USAGE } from './usage.mjs';

/**
 * Publishes until told to stop.
 * @param signal ends it
 * @param way to where the server said
 * @returns exit code
 */
export async function publish(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  way?: SendPorts['way'],
): Promise<number> {
  const options: PublishOptions | { readonly problem: string } | 'help' = readPublishOptions(argv, env);
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  if ('problem' in options) {
    console.error(`${options.problem}\n\n${USAGE}`);
    return 1;
  }
  const done = await sendVideo(options, signal, {
    say: (line) => console.log(line),
    complain: (line) => console.error(line),
    ...(way ? { way } : {}),
  });
  return done ? 0 : 1;
}
