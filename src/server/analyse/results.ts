/**
 * The folder of results. What is made of a recording is written into a folder of its own below `.unfinished` and moved
 * to its place when all of it is there: results are whole or not there at all, whoever else works on the same recording.
 */

import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Task } from './task.ts';

const UNFINISHED = '.unfinished';

/** What is told beside the products, as `result.json`. */
export interface ResultNote {
  readonly model: string;
  readonly engine: string;
  readonly frames: number;
  /** What people should know; empty when nothing. */
  readonly note: string;
}

/** Whether a recording's results are there. */
export function isDone({ out, id }: Pick<Task, 'out' | 'id'>): boolean {
  return existsSync(join(out, id, 'result.json'));
}

/** Results on their way. Disposing of it removes what was not moved to its place. */
export class Unfinished implements Disposable {
  readonly folder: string;

  constructor(private readonly task: Task) {
    this.folder = join(task.out, UNFINISHED, `${task.id}.${randomUUID()}`);
    mkdirSync(this.folder, { recursive: true });
  }

  /**
   * Moves the results to their place.
   * @returns false where somebody else's are there already: then these are not needed
   */
  finish(note: ResultNote): boolean {
    const { out, id, title, files, products, settings } = this.task;
    const about = { format: 'carriageway-result', version: 1, title, ...note, products, settings, files };
    writeFileSync(join(this.folder, 'result.json'), `${JSON.stringify(about, null, 1)}\n`);
    try {
      renameSync(this.folder, join(out, id));
    } catch (error) {
      // A folder that is not empty cannot be replaced, on any system.
      if (isDone(this.task)) return false;
      throw error;
    }
    // What a worker left that died over the same recording.
    const unfinished = join(out, UNFINISHED);
    for (const name of readdirSync(unfinished))
      if (name.startsWith(`${id}.`)) rmSync(join(unfinished, name), { recursive: true, force: true });
    return true;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
