/**
 * The result of an evaluation as a table for people.
 */
import type { EvaluateResult } from './evaluate.ts';

/** Several lines, without a final line break. */
export function tableOf(result: EvaluateResult): string {
  const rows: [string, string][] = Object.entries(result.per_class).map(([name, iou]) => [name, cell(iou)]);
  rows.push(['', '']);
  rows.push(['mIoU', cell(result.miou)]);
  if (result.miou11 !== null) rows.push(['mIoU, 11 classes', cell(result.miou11)]);
  rows.push(['drivable IoU', cell(result.drivable_iou)]);
  rows.push(['pixel accuracy', cell(result.pixel_accuracy)]);
  if (result.agreement !== undefined) rows.push(['WebGPU and WebAssembly agree', cell(result.agreement)]);
  const width = Math.max(...rows.map(([name]) => name.length));
  const ms = result.model_ms_median === null ? '–' : `${result.model_ms_median} ms`;
  return [
    '',
    `${result.model} on ${result.engine}, ${result.images} pictures, model ${ms} (median)`,
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value.padStart(6)}`.trimEnd()),
  ].join('\n');
}

function cell(value: number | null): string {
  return value === null ? '–' : value.toFixed(2);
}
