/**
 * Figures of benchmarks: how runs become one value, how a table of them is printed and written.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Page } from 'playwright';
import { medianOf } from './metrics.ts';
import { ToolError } from './tool-error.ts';

/** What a figure is and which way is good. */
export interface FigureSpec {
  readonly title: string;
  readonly unit: string;
  readonly goal: number;
  /** Whether the goal is the most or the least that will do. */
  readonly bound: 'at most' | 'at least';
}

/** A measured figure, as it stands in the JSON. */
export interface Figure {
  /** Median of the runs. */
  readonly value: number;
  readonly goal: number;
  readonly runs: readonly number[];
  /** The same of the usual pipeline, where that says something. */
  readonly usual?: number;
}

/** The figures of one run of a tool. Those that were not asked for are absent. */
export type Figures<Id extends string> = Partial<Record<Id, Figure>>;

/** The figures that a benchmark knows, in the order in which they are printed. */
export class FigureTable<Id extends string> {
  constructor(readonly specs: Readonly<Record<Id, FigureSpec>>) {}

  /**
   * Makes a figure of its runs.
   * @param runs at least one
   * @param usual the usual pipeline's runs of the same quantity
   * @throws RangeError without a run
   */
  figure(id: Id, runs: readonly number[], usual?: readonly number[]): Figure {
    const value = medianOf(runs);
    if (value === null) throw new RangeError(`${id} has no runs.`);
    const theirs = usual ? medianOf(usual) : null;
    return {
      value: round(value),
      goal: this.specs[id].goal,
      runs: runs.map(round),
      ...(theirs === null ? {} : { usual: round(theirs) }),
    };
  }

  /** Whether a figure reaches its goal. */
  reached(id: Id, value: number): boolean {
    const { bound, goal } = this.specs[id];
    return bound === 'at most' ? value <= goal : value >= goal;
  }

  /** The figures as a table for people: several lines, without a final line break. */
  text(figures: Figures<Id>): string {
    const rows = (Object.keys(this.specs) as Id[]).flatMap((id) => {
      const figure = figures[id];
      if (!figure) return [];
      const { title, unit, goal, bound } = this.specs[id];
      const usual = figure.usual === undefined ? '' : ` (usual pipeline: ${figure.usual})`;
      const value = [figure.value, unit].filter((part) => part !== '').join(' ');
      return [
        [title + usual, value, `${bound} ${goal}`, this.reached(id, figure.value) ? 'reached' : 'missed'],
      ];
    });
    const all = [['figure', 'value', 'goal', ''], ...rows];
    const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]!.length)));
    return all
      .map(([title, value, goal, verdict]) =>
        `${title!.padEnd(widths[0]!)}  ${value!.padStart(widths[1]!)}  ${goal!.padEnd(widths[2]!)}  ${verdict}`.trimEnd(),
      )
      .join('\n');
  }
}

/** Three digits behind the point: more would be noise. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** What a benchmark ran on, in a line. */
export async function machineOf(page: Page): Promise<string> {
  const processors = cpus();
  const adapter = await page.evaluate(async () => {
    const info = (await navigator.gpu?.requestAdapter())?.info;
    return [info?.vendor, info?.architecture, info?.description].filter(Boolean).join(' ') || 'no GPU';
  });
  const browser = page.context().browser()?.version() ?? 'unknown';
  return `${processors[0]?.model.trim() ?? 'unknown processor'} × ${processors.length}, WebGPU: ${adapter}, Chromium ${browser}`;
}

/** Writes what `--json` asked for. @throws ToolError when the file cannot be written */
export function writeJson(path: string, value: unknown): void {
  try {
    writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
  } catch (error) {
    throw new ToolError(
      `--json ${path} cannot be written: ${error instanceof Error ? error.message : error}.`,
    );
  }
}
