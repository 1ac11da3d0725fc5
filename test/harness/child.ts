/**
 * Runs a program in a process group of its own, and leaves nothing of it behind: not when it hangs, not when the run is
 * interrupted, not when it started browsers that made themselves independent of it.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Name of the variable by which descendants are known again, whatever group they moved to. */
const MARK = 'CARRIAGEWAY_RUN';

/** How long a program that was asked to stop may take before it is ended. */
const GRACE_MS = 5000;

/** How a program ended. */
export interface Ending {
  /** Its exit code; 1 when a signal ended it. */
  readonly code: number;
  readonly timedOut: boolean;
}

/**
 * Runs a program with its output shown and no input, and waits for its end.
 * @param limitMs it is ended when it takes longer
 */
export async function runChild(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly limitMs: number; readonly env?: NodeJS.ProcessEnv },
): Promise<Ending> {
  const mark = `${process.pid}-${Date.now()}`;
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env, [MARK]: mark },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: process.platform !== 'win32',
  });
  let timedOut = false;
  let ended = false;
  const stop = (signal: NodeJS.Signals) => {
    if (!ended && child.pid) signalGroup(child.pid, signal);
  };
  const askThenEnd = () => {
    stop('SIGTERM');
    setTimeout(() => stop('SIGKILL'), GRACE_MS).unref();
  };
  const timer = setTimeout(() => {
    timedOut = true;
    askThenEnd();
  }, options.limitMs);
  const interrupted = () => {
    askThenEnd();
    process.exitCode = 130;
  };
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (status) => resolve(status ?? 1));
    });
    return { code, timedOut };
  } finally {
    ended = true;
    clearTimeout(timer);
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    if (child.pid) signalGroup(child.pid, 'SIGKILL');
    for (const pid of marked(mark)) signalOne(pid, 'SIGKILL');
  }
}

/** Descendants that are still there, on systems that let one look. */
function marked(mark: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/environ`, 'latin1').includes(`${MARK}=${mark}\0`);
      } catch {
        return false; // Gone meanwhile, or somebody else's.
      }
    })
    .map(Number);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  signalOne(process.platform === 'win32' ? pid : -pid, signal);
}

function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Already gone, which is what was wanted.
  }
}
