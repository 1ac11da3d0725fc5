/** Files and sockets that processes have open. */
import { readdirSync } from 'node:fs';

/** Of one process, as Linux's `/proc` lists them. @throws where there is no such process, or no `/proc` */
export function openHandles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Of several, of which some may have ended meanwhile; NaN where the system does not list them. */
export function openHandlesOf(pids: readonly number[]): number {
  if (process.platform !== 'linux') return Number.NaN;
  return pids.reduce((sum, pid) => {
    try {
      return sum + openHandles(pid);
    } catch {
      return sum;
    }
  }, 0);
}
