/** What `npm run publish` is asked for. */
import { parseArgs } from 'node:util';
import { roomName, vehicleName } from '../../live/names.ts';

/** Checked options. */
export interface PublishOptions {
  readonly room: string;
  readonly name: string;
  readonly server: string;
  readonly token: string | null;
  readonly secret: string | null;
  readonly transcode: boolean;
  /** Path or address. */
  readonly input: string;
}

/** Reads the command line. @returns the options, or one sentence on what is wrong, or `'help'` */
export function readPublishOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): PublishOptions | { readonly problem: string } | 'help' {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        room: { type: 'string' },
        name: { type: 'string' },
        server: { type: 'string', default: 'http://127.0.0.1:8080/' },
        token: { type: 'string' },
        transcode: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return 'help';
    const room = roomName.safeParse(values.room);
    if (!room.success) return { problem: `--room ${room.error.issues[0]?.message ?? 'is missing'}.` };
    const name = vehicleName.safeParse(values.name);
    if (!name.success) return { problem: `--name ${name.error.issues[0]?.message ?? 'is missing'}.` };
    const [input, ...more] = positionals;
    if (input === undefined || more.length > 0) return { problem: 'Give one file or one rtsp:// address.' };
    if (!URL.canParse(values.server) || !/^https?:$/.test(new URL(values.server).protocol))
      return { problem: '--server must be an address such as http://127.0.0.1:8080/.' };
    return {
      room: room.data,
      name: name.data,
      server: values.server,
      // The environment first: an argument is shown to everybody on the machine.
      token: env.CARRIAGEWAY_TOKEN || values.token || null,
      secret: env.LIVE_SECRET || null,
      transcode: values.transcode,
      input,
    };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
