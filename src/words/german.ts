/** German, loaded only where it is spoken. */

import type { Catalogue } from './catalogue';
import { CAPABILITIES } from './german/capabilities';
import { ERRORS } from './german/errors';
import { KEYS } from './german/keys';
import { LIVE } from './german/live';
import { MEASURE } from './german/measure';
import { PICTURE } from './german/picture';
import { RECORDING } from './german/recording';
import { SHELL } from './german/shell';
import { SOURCES } from './german/sources';
import { TOUR } from './german/tour';

export const GERMAN: Catalogue = {
  words: {
    ...SHELL,
    ...CAPABILITIES,
    ...KEYS,
    ...SOURCES,
    ...PICTURE,
    ...RECORDING,
    ...TOUR,
    ...LIVE,
    ...MEASURE,
  },
  errors: ERRORS,
};
