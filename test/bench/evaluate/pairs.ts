/**
 * Finds the pictures and their labels.
 */
import { readdirSync } from 'node:fs';
import { join, parse } from 'node:path';
import { ToolError } from '../tool-error.ts';

/** One picture and its label, as paths. */
export interface Pair {
  readonly name: string;
  readonly image: string;
  readonly label: string;
}

const IMAGE = /\.(jpe?g|png)$/i;

/**
 * Pairs the files of two folders by base name, in the order of the names.
 * @param limit at most so many, spread evenly: consecutive frames of a drive say little more than one of them
 * @throws ToolError when a folder cannot be read, holds nothing fitting, or nothing pairs
 */
export function findPairs(images: string, labels: string, limit?: number): Pair[] {
  const pictures = listed(images, '--images').filter((name) => IMAGE.test(name));
  if (pictures.length === 0) throw new ToolError(`There is no picture (.jpg, .jpeg or .png) in ${images}.`);
  const present = new Set(listed(labels, '--labels'));
  const pairs = pictures.sort().flatMap((file): Pair[] => {
    const { name } = parse(file);
    const label = `${name}.png`;
    return present.has(label) ? [{ name, image: join(images, file), label: join(labels, label) }] : [];
  });
  if (pairs.length === 0)
    throw new ToolError(`No picture in ${images} has a label of the same base name (.png) in ${labels}.`);
  if (limit === undefined || limit >= pairs.length) return pairs;
  return Array.from({ length: limit }, (_, i) => pairs[Math.floor((i * pairs.length) / limit)]!);
}

function listed(folder: string, option: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    throw new ToolError(`${option} is ${folder}, which is not a folder that can be read.`);
  }
}
