/** All messages in English, which the others are translated from, a file a part of the page. */
import { CAPABILITIES } from './english/capabilities';
import { KEYS } from './english/keys';
import { LIVE } from './english/live';
import { MEASURE } from './english/measure';
import { PICTURE } from './english/picture';
import { RECORDING } from './english/recording';
import { SHELL } from './english/shell';
import { SOURCES } from './english/sources';
import { TOUR } from './english/tour';

export const ENGLISH = {
  ...SHELL,
  ...CAPABILITIES,
  ...KEYS,
  ...SOURCES,
  ...PICTURE,
  ...RECORDING,
  ...TOUR,
  ...LIVE,
  ...MEASURE,
} as const;
