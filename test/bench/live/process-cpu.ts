/** Processor time of a process and all that it has started, read from Linux's `/proc`. */
import { readdirSync, readFileSync } from 'node:fs';
import { ToolError } from '../tool-error.ts';

/** Clock ticks a second, as `/proc` counts on every Linux there is (USER_HZ). */
const TICKS = 100;

/** State, parent and times of a process, from after its name, which may hold anything. */
function statOf(pid: string): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null; // Ended meanwhile.
  }
}

/**
 * Seconds that a process and its living descendants have used.
 * @throws ToolError on systems without `/proc`
 */
export function cpuSeconds(pid: number): number {
  if (process.platform !== 'linux') throw new ToolError('This benchmark reads /proc, which only Linux has.');
  const stats = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), statOf(name)] as const),
  );
  const belongs = (each: number): boolean => {
    if (each === pid) return true;
    const parent = Number(stats.get(each)?.[1] ?? 0);
    return parent > 1 && belongs(parent);
  };
  let ticks = 0;
  for (const [each, stat] of stats) if (stat && belongs(each)) ticks += Number(stat[11]) + Number(stat[12]);
  return ticks / TICKS;
}
