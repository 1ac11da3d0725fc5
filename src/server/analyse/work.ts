/** Works on one recording: from its files to its folder of results. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BatchTab, Told } from './batch-browser.ts';
import { fetchFile } from './fetch-file.ts';
import { isDone, Unfinished } from './results.ts';
import type { Task } from './task.ts';

/** How it ended. Another try would end no better where it is `failed`. */
export type WorkResult =
  | { readonly kind: 'done'; readonly frames: number; readonly note: string }
  /** The results were there already. */
  | { readonly kind: 'there' }
  | { readonly kind: 'failed'; readonly why: string };

/**
 * Does it.
 * @param tab of this work alone while it runs
 * @param told how far all of it is, the share done of all products
 * @throws Error when the browser or the network failed: another try may help
 */
export async function workOn(
  task: Task,
  tab: BatchTab,
  told: Told,
  signal: AbortSignal,
): Promise<WorkResult> {
  if (isDone(task)) return { kind: 'there' };
  using unfinished = new Unfinished(task);
  using fetched = new Fetched();
  const files: string[] = [];
  for (const { at } of task.files) files.push(await fetched.path(at, signal));
  const paths = task.files.map(({ path }) => path);
  const { modelFiles, ...settings } = task.settings;
  await tab.take(files, modelFiles);
  const opened = await tab.openRecording(paths, settings);
  if (!opened.ok) return { kind: 'failed', why: sentenceOf(opened.error) };
  const notes = opened.note ? [opened.note] : [];
  let frames = 0;
  for (const [n, product] of task.products.entries()) {
    const made = await tab.make(product, join(unfinished.folder, product), (share, rate) =>
      told((n + share) / task.products.length, rate),
    );
    if (!made.ok) return { kind: 'failed', why: `${product}: ${sentenceOf(made.error)}` };
    frames = Math.max(frames, made.frames);
    if (made.note && !notes.includes(made.note)) notes.push(made.note);
  }
  const { model, engine } = opened;
  const note = notes.join(' ');
  return unfinished.finish({ model, engine, frames, note })
    ? { kind: 'done', frames, note }
    : { kind: 'there' };
}

function sentenceOf({ message, detail }: { readonly message: string; readonly detail: string }): string {
  return detail ? `${message} (${detail})` : message;
}

/** Files out of the network, kept as long as they are worked on. */
class Fetched implements Disposable {
  #folder: string | null = null;
  #count = 0;

  /** Where a file lies on this machine. */
  async path(at: string, signal: AbortSignal): Promise<string> {
    if (!/^https?:\/\//i.test(at)) return at;
    this.#folder ??= mkdtempSync(join(tmpdir(), 'carriageway-analyse-'));
    // A folder each: the name decides what a file is taken for.
    return fetchFile(at, join(this.#folder, String(this.#count++)), signal);
  }

  [Symbol.dispose](): void {
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
  }
}
