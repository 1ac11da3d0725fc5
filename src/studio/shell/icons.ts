/** The page's own icons: strokes on a grid of 20, coloured by the text around them. */

import { html, type TemplateResult } from 'lit';

/** Path data by name; several subpaths in one string. */
const PATHS = {
  play: 'M6 3.8v12.4L16 10z',
  pause: 'M6.5 4v12M13.5 4v12',
  loop: 'M4 9.5V8a3 3 0 0 1 3-3h9M13.5 2.5 16 5l-2.5 2.5M16 10.5V12a3 3 0 0 1-3 3H4M6.5 17.5 4 15l2.5-2.5',
  snapshot:
    'M3 7a1.5 1.5 0 0 1 1.5-1.5h2L8 3.5h4l1.5 2h2A1.5 1.5 0 0 1 17 7v7.5A1.5 1.5 0 0 1 15.5 16h-11A1.5 1.5 0 0 1 3 14.5zM10 7.8a2.9 2.9 0 1 0 0 5.8 2.9 2.9 0 0 0 0-5.8z',
  expand: 'M3.5 7.5v-4h4M12.5 3.5h4v4M16.5 12.5v4h-4M7.5 16.5h-4v-4',
  shrink: 'M7.5 3.5v4h-4M16.5 7.5h-4v-4M12.5 16.5v-4h4M3.5 12.5h4v4',
  split: 'M3 4.5h14v11H3zM10 2.5v15M5.5 8l2-0M5.5 10.5h2',
  outline: 'M7.5 4.5 3.5 16M12.5 4.5l4 11.5M10 5v1.5M10 9.5v2M10 14.5V16',
  region: 'M3 15.5 5.5 11h9l2.5 4.5zM3 15.5h0M5.5 11h0M14.5 11h0M17 15.5h0M6 7l8-3.5',
  drive: 'M7.6 3 3 17h14L12.4 3zM10 5v2M10 9.5V12M10 14.5V17',
  file: 'M5 2.8h6.5L15.5 7v10.2H5zM11.5 2.8V7h4M8.5 10v4.5l3.8-2.25z',
  camera:
    'M2.5 6.5A1.5 1.5 0 0 1 4 5h7.5A1.5 1.5 0 0 1 13 6.5v7a1.5 1.5 0 0 1-1.5 1.5H4a1.5 1.5 0 0 1-1.5-1.5zM13 9l4.5-2.5v7L13 11',
  dice: 'M4.5 3h11A1.5 1.5 0 0 1 17 4.5v11a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 15.5v-11A1.5 1.5 0 0 1 4.5 3zM7 7h0M13 13h0M10 10h0M13 7h0M7 13h0',
  chevron: 'm5.5 8 4.5 4.5L14.5 8',
  close: 'm5 5 10 10M15 5 5 15',
  keys: 'M3.5 5.5h13A1.5 1.5 0 0 1 18 7v6a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 2 13V7a1.5 1.5 0 0 1 1.5-1.5zM5.5 8.5h0M8.5 8.5h0M11.5 8.5h0M14.5 8.5h0M6.5 11.5h7',
  warning: 'M10 3.2 17.5 16.5h-15zM10 8.2v3.8M10 14.2h0',
  info: 'M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4zM10 9.2v4.3M10 6.5h0',
  chip: 'M6 6h8v8H6zM8 3v3M12 3v3M8 14v3M12 14v3M3 8h3M3 12h3M14 8h3M14 12h3',
  upload: 'M10 13V3.5M6.5 7 10 3.5 13.5 7M3.5 13v3.5h13V13',
  lock: 'M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9',
  'frame-back': 'M6.5 4.5v11M15 4.5 9.5 10l5.5 5.5z',
  'frame-forward': 'M13.5 4.5v11M5 4.5 10.5 10 5 15.5z',
  'range-from': 'M12 3.5H7v13h5M7 10h8',
  'range-to': 'M8 3.5h5v13H8M13 10H5',
  mark: 'M6 3.5h8v13l-4-3.5-4 3.5z',
  sound: 'M4 8v4h3l4 3.5v-11L7 8zM13.5 7.5a3.5 3.5 0 0 1 0 5M15.5 5.5a6.5 6.5 0 0 1 0 9',
  export: 'M10 3.5V13M6.5 9.5 10 13l3.5-3.5M3.5 13v3.5h13V13',
  chart: 'M3 16.5h14M4 13l4-5 3.5 3L16 4.5',
  plus: 'M10 4.5v11M4.5 10h11',
  check: 'm4.5 10.5 3.5 3.5 7.5-8',
} as const;

/** Name of an icon. */
export type IconName = keyof typeof PATHS;

/** An icon. It says nothing to screen readers: its button does. */
export function icon(name: IconName): TemplateResult {
  return html`<svg viewBox="0 0 20 20" class="icon" aria-hidden="true" focusable="false"><path d=${PATHS[name]}></path></svg>`;
}
