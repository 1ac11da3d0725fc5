/** A measurement as text for an issue: in English, whatever the page speaks. */
import { formatBytes, formatMs, formatRate } from '../studio/shell/format';
import { ENGLISH } from '../words/english';
import { decimals, type PlainKey } from '../words/words';
import type { CaseFigures, Measurement } from './measurement';

/** The columns of the table: heading and figure. */
export const COLUMNS: readonly {
  readonly id: string;
  readonly heading: PlainKey;
  readonly text: (figures: CaseFigures) => string;
}[] = [
  { id: 'inference', heading: 'measure.inference', text: ({ inference }) => formatMs(inference) },
  { id: 'end-to-end', heading: 'measure.end-to-end', text: ({ endToEnd }) => formatMs(endToEnd) },
  { id: 'upload', heading: 'measure.upload', text: ({ upload }) => formatMs(upload) },
  { id: 'drawing', heading: 'measure.drawing', text: ({ drawing }) => formatMs(drawing) },
  { id: 'masks', heading: 'measure.masks', text: ({ masks }) => formatRate(masks) },
  { id: 'memory', heading: 'measure.memory', text: ({ memory }) => formatBytes(memory) },
];

/** A measurement as a table in Markdown, with what it was measured on. */
export function measurementMarkdown(measurement: Measurement): string {
  const { taken, browser, cores, memory, isolated, graphics, cases, tier } = measurement;
  const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();
  const row = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  const headings = ['Engine', 'Network', ...COLUMNS.map(({ heading }) => ENGLISH[heading]), 'Runs as'];
  return [
    `Measured ${taken} by Carriageway.`,
    '',
    `- Browser: ${cell(browser)}`,
    `- Processor: ${cores} threads${memory === null ? '' : `, ${memory} GB or more`}${isolated ? '' : ', page not isolated'}`,
    `- Graphics: ${cell(graphics)}`,
    `- Tier: ${tier ?? 'none'}`,
    '',
    row(headings),
    row(headings.map(() => '---')),
    ...cases.map(({ engine, title, figures, runsAs, reason }) =>
      row([
        ENGLISH[`engine.${engine}`],
        title,
        ...COLUMNS.map(({ text }) => (figures ? text(figures).replace(decimals('.'), '.') : '–')),
        figures ? runsAs : reason,
      ]),
    ),
    '',
  ].join('\n');
}

/** A measurement as JSON. */
export function measurementJson(measurement: Measurement): string {
  return `${JSON.stringify({ schema: 1, ...measurement }, null, 2)}\n`;
}
