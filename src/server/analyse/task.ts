/** One recording to be worked on, as plain data that travels through a queue. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { PRODUCTS, type Product } from '../../batch/batch-api.ts';
import type { Heap } from './find-files.ts';
import { settingsSchema, type WorkSettings } from './options.ts';

/** See `Task`. Whoever can write into the queue is trusted with paths; their number and length are bounded. */
export const taskSchema = z.object({
  /** Name of the folder of its results; the same for the same files and wishes. */
  id: z.string().regex(/^[\w.-]{1,120}$/),
  title: z.string().max(400),
  files: z
    .array(z.object({ path: z.string().max(4096), at: z.string().max(4096) }))
    .min(1)
    .max(50_000),
  /** Absolute path of the folder of all results. */
  out: z.string().min(1).max(4096),
  products: z.array(z.enum(PRODUCTS)).min(1),
  settings: settingsSchema,
});

/** One recording, what is to be made of it, and where that goes. */
export type Task = z.infer<typeof taskSchema>;

/** Makes the task of a recording out of its files. */
export function taskOf(
  title: string,
  files: Heap,
  wish: { readonly out: string; readonly products: readonly Product[]; readonly settings: WorkSettings },
): Task {
  const { out, products, settings } = wish;
  const what = [files.map(({ path, at, stamp }) => [path, at, stamp]), settings, products];
  const hash = createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 8);
  return {
    id: `${slugOf(title)}-${hash}`,
    title,
    files: files.map(({ path, at }) => ({ path, at })),
    out,
    products: [...products],
    settings,
  };
}

/** A title as a name that every file system takes. */
function slugOf(title: string): string {
  const slug = title
    .replace(/\.[a-z0-9]{2,4}\b/gi, '')
    .normalize('NFKD')
    .replace(/[^\w]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return slug || 'recording';
}
