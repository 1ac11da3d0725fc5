/**
 * Words that workers write into pictures. Workers have no catalogue: whoever asks for the pictures hands the words over,
 * in English unless told otherwise.
 */

/** Texts with places `{name}`, and what stands before decimals. */
export interface WrittenWords {
  readonly point: string;
  /** Names of cameras by those of `camera-names.ts`; others stand as they are. */
  readonly cameras: Readonly<Record<string, string>>;
  /** Of a camera that recorded nothing: with its name, and without one. */
  readonly nothingOf: string;
  readonly nothing: string;
  /** Of a picture that cannot be read, and what one without a name is called. */
  readonly unread: string;
  readonly picture: string;
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
  cameras: {
    front: 'Front',
    telephoto: 'Telephoto',
    rear: 'Rear',
    left: 'Left',
    right: 'Right',
    'left pillar': 'Left pillar',
    'right pillar': 'Right pillar',
    inside: 'Inside',
  },
  nothingOf: '{name}: nothing recorded here',
  nothing: 'Nothing recorded here',
  unread: '{name} cannot be read',
  picture: 'picture {number}',
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
