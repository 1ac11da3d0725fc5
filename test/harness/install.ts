/**
 * Finds the browser that the tests drive, or installs one: `CHROMIUM_PATH`, where systems keep it, Debian's package,
 * Playwright's own download, in that order. ffmpeg is looked for in the same way but may be absent.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { chromium } from 'playwright';
import { chromiumPath } from '../../src/server/analyse/chromium.ts';
import { PrepareError } from '../../src/server/prepare.mjs';

/** Longest wait for one installation step. */
const STEP_LIMIT_MS = 10 * 60_000;

/**
 * Makes sure there is a Chromium and returns its path. Sets `CHROMIUM_PATH`, so that everything started from here
 * drives the same one.
 * @throws PrepareError when there is none and none can be installed, or when `CHROMIUM_PATH` names no program
 */
export function ensureChromium(): string {
  const asked = process.env.CHROMIUM_PATH;
  const found = chromiumPath();
  if (asked && found !== asked)
    throw new PrepareError(`CHROMIUM_PATH is "${asked}", which is not a program that can be run.`);
  const path = found ?? downloaded() ?? fromDebian() ?? fromPlaywright();
  if (!path)
    throw new PrepareError(
      'No Chromium was found and none could be installed; install Chromium or Chrome, or set CHROMIUM_PATH to one.',
    );
  process.env.CHROMIUM_PATH = path;
  return path;
}

/** Whether ffmpeg is there, after trying Debian's package. Tests that need it are skipped without it. */
export function ensureFfmpeg(): boolean {
  if (onPath('ffmpeg')) return true;
  installDebian(['ffmpeg']);
  return onPath('ffmpeg');
}

/** A browser that Playwright downloaded earlier. */
function downloaded(): string | undefined {
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
}

function fromDebian(): string | undefined {
  return installDebian(['chromium', 'fonts-dejavu-core']) ? chromiumPath() : undefined;
}

function fromPlaywright(): string | undefined {
  console.log('Downloading a Chromium with Playwright (once) …');
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright/package.json')), 'cli.js');
  // The complete browser: its smaller headless shell has no WebGPU.
  step(process.execPath, [cli, 'install', '--no-shell', 'chromium']);
  return downloaded();
}

/** Installs Debian packages where that needs no password; returns whether apt-get reported success. */
function installDebian(packages: readonly string[]): boolean {
  if (process.platform !== 'linux' || !onPath('apt-get')) return false;
  const root = process.getuid?.() === 0;
  if (!root && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) return false;
  console.log(`Installing Debian's ${packages.join(' and ')} (once) …`);
  const apt = (...args: string[]) =>
    step(root ? 'apt-get' : 'sudo', [...(root ? [] : ['-n', 'apt-get']), '-qq', ...args]);
  return apt('update') && apt('install', '-y', '--no-install-recommends', ...packages);
}

function step(command: string, args: readonly string[]): boolean {
  const result = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: STEP_LIMIT_MS,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return result.status === 0;
}

function onPath(program: string): boolean {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, program + suffix)));
}
