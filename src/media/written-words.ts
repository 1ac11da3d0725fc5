/**
 * Words that workers write into exported pictures. Workers have no catalogue: whoever asks for the pictures hands the words over,
 * in English unless told otherwise.
 */

/** Texts with places `{name}`, and what stands before decimals. */
export interface WrittenWords {
  readonly point: string;
  /** Figures below each other: shares in per cent, angles in degrees, directions of the wind. */
  readonly drivable: string;
  readonly confidence: string;
  readonly heading: string;
  readonly steering: string;
  readonly brakeOn: string;
  readonly brakeOff: string;
  readonly winds: Readonly<Record<string, string>>;
}

export const WRITTEN_IN_ENGLISH: WrittenWords = {
  point: '.',
  drivable: 'drivable {percent}',
  confidence: 'confidence {percent}',
  heading: 'heading {degrees}° {wind}',
  steering: 'steering {degrees}°',
  brakeOn: 'brake on',
  brakeOff: 'brake off',
  winds: { N: 'N', NE: 'NE', E: 'E', SE: 'SE', S: 'S', SW: 'SW', W: 'W', NW: 'NW' },
};

/** A text with its places filled; one without a value stays. */
export function written(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
