/** Finds the Chromium that works for us, and the flags that any page of ours needs in it. */
import { accessSync, constants } from 'node:fs';

/** Where systems keep their Chromium, most specific first. */
const SYSTEM_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Path of an installed Chromium (`CHROMIUM_PATH` first), or undefined. */
export function chromiumPath(): string | undefined {
  const asked = process.env.CHROMIUM_PATH;
  if (asked && runnable(asked)) return asked;
  return SYSTEM_PATHS.find(runnable);
}

/** Quiet flags: no background traffic, no first-run pages, works as root in a container. */
export const BASE_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];
