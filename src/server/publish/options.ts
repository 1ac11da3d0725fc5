/** What `npm run publish` is asked for. */
import { parseArgs } from 'node:util';
import { roomName, vehicleName } from '../../live/names.ts';

/** What `--help` prints. */
export const USAGE = `npm run publish -- --room ROOM --name NAME [--server URL] [--token TOKEN] [--transcode] FILE|rtsp://…

Sends a video into a live room, over and over when it is a file. Needs ffmpeg.

  --room ROOM    which room
  --name NAME    what the vehicle is called there
  --server URL   the server; http://127.0.0.1:8080/ without it
  --token TOKEN  an invitation to publish (CARRIAGEWAY_TOKEN); without one, LIVE_SECRET asks the server for it
  --transcode    encode anew even where the video could be sent as it is`;

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
      token: values.token ?? env.CARRIAGEWAY_TOKEN ?? null,
      secret: env.LIVE_SECRET || null,
      transcode: values.transcode,
      input,
    };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
