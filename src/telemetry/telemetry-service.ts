/** The worker's side: reads all files of a recording, and lays what they say beside it. */
import { type Clip, layBeside, layInside, layPlace, type NamedReading } from './lay-track';
import { parsePlace, readBeside, readVideo } from './read-telemetry';
import type { Reading } from './reading';
import type { Track } from './track';

/** What is asked, as plain data. */
export interface TelemetryRequest {
  /** The video files, in order of the recording. */
  readonly clips: readonly (Clip & { readonly file: Blob })[];
  /** Files beside them. */
  readonly beside: readonly { readonly name: string; readonly file: Blob }[];
  /** Which of the two counts where both say something. */
  readonly first: 'inside' | 'beside';
  /** Seconds by which the clock of the files beside is ahead. */
  readonly ahead: number;
  /** Where the recording says it was made, as ISO 6709; null when it does not. */
  readonly place: string | null;
}

/** What was found. */
export interface TelemetryAnswer {
  readonly track: Track | null;
  /** Names of files beside the video that hold no track. */
  readonly unread: readonly string[];
  /** Names of videos that have places in a form that is not read. */
  readonly obscured: readonly string[];
}

/** The worker's interface: one question, one answer. */
export interface TelemetryApi {
  read(request: TelemetryRequest): Promise<TelemetryAnswer>;
}

/** Reads telemetry. */
export class TelemetryService implements TelemetryApi {
  async read({ clips, beside, first, ahead, place }: TelemetryRequest): Promise<TelemetryAnswer> {
    const unread: string[] = [];
    const named: NamedReading[] = [];
    for (const { name, file } of beside) {
      const reading = await orNull(readBeside(file));
      // Places that say nothing of when belong nowhere.
      if (reading?.fixes.some(({ clock }) => clock !== null)) named.push({ name, reading });
      else unread.push(name);
    }
    const outside = layBeside(clips, named, ahead);
    if (outside && first === 'beside') return { track: outside, unread, obscured: [] };
    const readings: (Reading | null)[] = [];
    for (const { file } of clips) readings.push(await orNull(readVideo(file)));
    const obscured = clips.flatMap(({ name }, i) => (readings[i]?.obscured ? [name] : []));
    const inside = layInside(clips, readings);
    // What lies in the video has the video's own times; but speeds alone are less than places.
    const placed = inside?.points.some(({ latitude }) => latitude !== null);
    const track = (placed ? inside : null) ?? outside ?? inside;
    const said = track === null && place !== null ? parsePlace(place) : null;
    return { track: track ?? (said && layPlace(said)), unread, obscured };
  }
}

/** A file that cannot be read (a card that was pulled out) says nothing; the others go on. */
async function orNull(reading: Promise<Reading | null>): Promise<Reading | null> {
  return reading.catch(() => null);
}
