/** The figures of the library: what each is, and what it should be. */
import { type FigureSpec, FigureTable } from '../figures.ts';

const SPECS = {
  element_e2e_over_page: {
    title: 'time for a mask of the element in a page of another, over the same of the project’s own page',
    unit: '×',
    goal: 1.05,
    bound: 'at most',
  },
  package_megabytes: {
    title: 'megabytes of the tarball',
    unit: 'MB',
    goal: 60,
    bound: 'at most',
  },
  first_mask_megabytes_embed: {
    title: 'megabytes over the wire to the first mask of the element, on the processor',
    unit: 'MB',
    goal: 7,
    bound: 'at most',
  },
} as const satisfies Record<string, FigureSpec>;

/** Ids, as they stand in the JSON. */
export type EmbedFigureId = keyof typeof SPECS;

/** The figures of this benchmark. */
export const EMBED = new FigureTable<EmbedFigureId>(SPECS);
