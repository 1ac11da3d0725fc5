/** All that a language says. */
import type { ErrorCode } from '../errors';
import type { ENGLISH } from './english';
import type { Same } from './message';

/** Every message by its key; English is what all others are translated from. */
export type Words = typeof ENGLISH;

/** The page's words, and the sentences of failures; English ones stand in `errors.ts`, and come as they are. */
export interface Catalogue {
  readonly words: Same<Words>;
  readonly errors: Readonly<Record<ErrorCode, string>> | null;
}
