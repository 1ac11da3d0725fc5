/**
 * The address of a live page: `?room=NAME` looks at a room, `?room=NAME&publish=drive` sends into it, `?live` asks
 * which room. An invitation's token stands in the fragment, which browsers send to nobody.
 */

import { DRIVE_MOODS } from '../drive/options';
import { roomName, vehicleName } from '../live/names';
import { z } from '../schema';
import { FIRST_SEED } from '../studio/session/open-source';

const SCHEMAS = {
  publish: z.enum(['drive', 'camera', 'file']),
  name: vehicleName,
  codec: z.enum(['vp8', 'h264', 'vp9']),
  seed: z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number),
  fps: z
    .string()
    .regex(/^\d{1,2}$/)
    .transform(Number)
    .refine((fps) => fps >= 1 && fps <= 60),
  mood: z.enum(['any', ...DRIVE_MOODS]),
  size: z.enum(['small', 'usual', 'large']),
  engine: z.enum(['auto', 'webgpu', 'cpu', 'wasm', 'off']),
  model: z.string().regex(/^(\/models\/)?[a-z0-9][a-z0-9-]{0,63}(\.json)?$/),
  mode: z.enum(['drivable', 'classes', 'confidence']),
} as const;

/** What a live page is asked to be. */
export interface LiveParams {
  /** Null asks which room. */
  readonly room: string | null;
  readonly publish: 'drive' | 'camera' | 'file' | null;
  readonly name: string | null;
  readonly codec: 'vp8' | 'h264' | 'vp9';
  readonly seed: number;
  readonly mood: z.output<(typeof SCHEMAS)['mood']>;
  /** Size of a simulated drive. */
  readonly size: 'small' | 'usual' | 'large';
  /** Its pictures per second, where a machine should have less to draw; null leaves it to the size. */
  readonly fps: number | null;
  /** `off` runs no network: what others share is shown. */
  readonly engine: 'auto' | 'webgpu' | 'cpu' | 'wasm' | 'off';
  /** Name of a network, or address of a manifest on this server. */
  readonly model: string | null;
  readonly mode: 'drivable' | 'classes' | 'confidence';
  readonly token: string | null;
}

/** Reads an address; null when it asks for no live page. What is not understood is left out. */
export function readLiveParams(query: string, fragment: string): LiveParams | null {
  const params = new URLSearchParams(query);
  if (!params.has('room') && !params.has('live')) return null;
  const read = <K extends keyof typeof SCHEMAS>(name: K): z.output<(typeof SCHEMAS)[K]> | null => {
    const checked = SCHEMAS[name].safeParse(params.get(name));
    return checked.success ? (checked.data as z.output<(typeof SCHEMAS)[K]>) : null;
  };
  const room = roomName.safeParse(params.get('room'));
  const token = new URLSearchParams(fragment.replace(/^#/, '')).get('token');
  return {
    room: room.success ? room.data : null,
    publish: read('publish'),
    name: read('name'),
    codec: read('codec') ?? 'vp8',
    seed: read('seed') ?? FIRST_SEED,
    mood: read('mood') ?? 'any',
    size: read('size') ?? 'usual',
    fps: read('fps'),
    engine: read('engine') ?? 'auto',
    model: read('model'),
    mode: read('mode') ?? 'drivable',
    token: token !== null && /^[\w.-]{1,2048}$/.test(token) ? token : null,
  };
}

/** Address of a live page. @param base address of this page, of which only origin and path are kept */
export function liveAddress(
  base: string,
  wish: {
    readonly room: string;
    readonly publish?: 'drive' | 'camera' | 'file';
    readonly name?: string;
    readonly token?: string;
  },
): string {
  const url = new URL(base);
  url.search = '';
  url.hash = '';
  url.searchParams.set('room', wish.room);
  if (wish.publish) url.searchParams.set('publish', wish.publish);
  if (wish.name) url.searchParams.set('name', wish.name);
  if (wish.token) url.hash = `token=${wish.token}`;
  return url.href;
}
