/**
 * What rooms and vehicles may be called. One rule for the page, the tokens and the server.
 */
import { z } from '../schema.ts';

/** Name of a room: as it stands in an address, so nothing that would need escaping there. */
export const roomName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be 1 to 64 letters, digits, dashes or underscores');

/** Anything that could change a line's direction or hide in it; names come from strangers. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/u;

/** Name of a vehicle, shown to people. */
export const vehicleName = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(48, 'must be 48 characters at most')
  .refine((name) => !UNPRINTABLE.test(name), 'must be printable');
