/**
 * A room with real vehicles in it, for journeys: a server with a media worker, a Chromium whose pages send and look, a
 * fake camera, and ffmpeg as a dashcam.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import { expect, vi } from 'vitest';
import { ensurePageBuilt, ROOT } from '../../src/server/prepare.mjs';
import { staticFiles } from '../../src/server/static-files';
import { TestBrowser, type WatchedPage } from './browser';
import { fakeCameraFlags } from './chromium';
import { at, PATIENCE } from './journey';
import { type LiveServer, type LiveServerOptions, SECRET, serveLive, tokenFor } from './live';

/** Chromium leaves the loopback out of its candidates otherwise. */
const LOOPBACK = '--allow-loopback-in-peer-connection';

/** Real streets, where the shared clips are at hand; a test pattern otherwise. */
const CLIPS = join(ROOT, '..', 'shared', 'data', 'clips');
const STREET = join(CLIPS, 'camvid_0016E5_480x360_15fps.mp4');
const HIGHWAY = join(CLIPS, 'dusk_highway_640x360_24fps.mp4');

/** Pictures a second of camera and dashcam: enough for turns to be counted, few enough for two busy cores. */
const RATE = 5;

/** Sizes of pages: everything on them is drawn by the processor here, so that nobody looks at little of it. */
export const PAGE = { width: 800, height: 500 };
const STAMP = { width: 320, height: 240 };

/** Small networks and pictures: everything runs on the processor here. */
export const LOOK = lookWith('pspnet-wasm');

/** The same with another network. */
export function lookWith(model: string): string {
  return `&engine=wasm&model=${model}&mode=classes`;
}

function ffmpeg(name: string, from: string, size: string, ...coding: string[]): string {
  const folder = join(ROOT, 'test', 'output');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  const input = existsSync(from)
    ? ['-i', from]
    : ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${RATE}:duration=5`];
  const shape = ['-t', '5', '-vf', `fps=${RATE},scale=${size.replace('x', ':')}`, '-an'];
  execFileSync('ffmpeg', ['-y', '-loglevel', 'error', ...input, ...shape, ...coding, path]);
  return path;
}

/** A short video whose key frames are close together, as a dashcam writes it. */
function dashcamClip(): string {
  // High, as most dashcams record, and without B-frames, so that it is sent as it is.
  const coding = [
    '-c:v',
    'libx264',
    '-profile:v',
    'high',
    '-bf',
    '0',
    '-pix_fmt',
    'yuv420p',
    '-g',
    String(RATE),
  ];
  return ffmpeg('dashcam.mp4', HIGHWAY, '320x180', ...coding);
}

/** What Chromium's fake camera shows, at the clip's rate: large enough to be sent in layers. */
function cameraClip(): string {
  return ffmpeg('van.y4m', STREET, '480x360', '-pix_fmt', 'yuv420p');
}

/** Owns everything in the room. */
export class LiveRoom implements AsyncDisposable {
  readonly vehicles = new Map<string, WatchedPage>();
  readonly #others: WatchedPage[] = [];
  #dashcam: ChildProcess | null = null;

  private constructor(
    readonly name: string,
    private current: LiveServer,
    readonly browser: TestBrowser,
  ) {}

  static async open(name: string, options: LiveServerOptions = {}): Promise<LiveRoom> {
    ensurePageBuilt();
    const server = await serveLive({ ...options, parts: [staticFiles(join(ROOT, 'dist'))] });
    try {
      const flags = [LOOPBACK, ...fakeCameraFlags(cameraClip())];
      return new LiveRoom(name, server, await TestBrowser.launch({ webgpu: !process.env.GL, flags }));
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
  }

  get server(): LiveServer {
    return this.current;
  }

  /** Ends the server and starts another on its port. @param between runs while there is none */
  async restartServer(between: () => Promise<void>): Promise<void> {
    const port = Number(new URL(this.current.url).port);
    await this.current[Symbol.asyncDispose]();
    await between();
    this.current = await serveLive({ port, parts: [staticFiles(join(ROOT, 'dist'))] });
  }

  /** Opens a page that looks at the room. @param query more of the address */
  async look(query: string, viewport = PAGE): Promise<WatchedPage> {
    const watched = await this.browser.open({ viewport, permissions: ['camera'] });
    this.#others.push(watched);
    const role = query.includes('publish=') ? 'publish' : 'view';
    const token = await tokenFor(this.server.url, { room: this.name, role, invites: role === 'view' });
    await watched.page.goto(`${this.server.url}?room=${this.name}${query}#token=${token}`);
    return watched;
  }

  /** Opens a page that sends. */
  async send(name: string, source: string): Promise<WatchedPage> {
    const query = `&publish=${source}&name=${encodeURIComponent(name)}`;
    const vehicle = await this.look(query, STAMP);
    this.vehicles.set(name, vehicle);
    return vehicle;
  }

  /** Lets the command-line publisher send a clip. */
  sendClip(name: string): void {
    const args = ['--room', this.name, '--name', name, '--server', this.server.url, dashcamClip()];
    this.#dashcam = spawn(process.execPath, [join(ROOT, 'src/server/publish/launch.mjs'), ...args], {
      stdio: 'inherit',
      env: { ...process.env, LIVE_SECRET: SECRET },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#dashcam?.kill('SIGTERM');
    for (const page of this.#others) await page[Symbol.asyncDispose]();
    await this.browser[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
  }
}

/** The tile of a vehicle. */
export function tile(page: Page, name: string): Locator {
  return at(page, 'tile').filter({ has: page.locator('.tile-name', { hasText: name }) });
}

/** A counter of a tile. */
export async function count(page: Page, name: string, of: 'frames' | 'masks'): Promise<number> {
  return Number(await tile(page, name).first().getAttribute(`data-${of}`));
}

/** Waits until a tile's counter has grown by `by` from now on. */
export async function grows(page: Page, name: string, of: 'frames' | 'masks', by: number): Promise<void> {
  const before = await count(page, name, of);
  await vi.waitFor(async () => expect(await count(page, name, of)).toBeGreaterThanOrEqual(before + by), {
    timeout: PATIENCE,
    interval: 300,
  });
}

/** Names of the tiles in their order. */
export async function order(page: Page): Promise<string[]> {
  return page.locator('.tile-name').allTextContents();
}

/** Waits until the page's session is in a state. */
export async function sessionIs(page: Page, state: string): Promise<void> {
  await page.locator(`[data-testid="session"][data-state="${state}"]`).waitFor({ timeout: PATIENCE });
}
