/** A source without frames, for tests of the page. */
import type { LabelParts } from '../../src/labels/label-parts';
import type { LabelSurvey } from '../../src/labels/reading/label-survey';
import type { FrameHandle } from '../../src/media/timed-frame';
import type { FrameSource, SourceEvent, SourceInfo, TimeRange } from '../../src/sources/source';
import type { SourceRequest } from '../../src/studio/session/open-source';

/** What is seen of labels that leave no question. */
const CLEAR_SURVEY: LabelSurvey = {
  maps: 3,
  kind: 'numbers',
  dictionary: 'ours',
  dictionaries: [
    { id: 'ours', title: 'Our numbers' },
    { id: 'cityscapes-train-ids', title: 'Cityscapes train ids' },
  ],
  known: [[0, 'road']],
  values: [{ value: 0, name: 'road', ours: 'road', share: 1, example: 'a.png' }],
  frames: 'time',
  rules: [],
  pairs: [],
  drawnStored: null,
  blended: 0,
  unsure: [],
  problems: [],
};

/** A source without frames, driven by a test. */
export class FakeSource implements FrameSource {
  /** As of a source of that kind, 640 × 360. */
  readonly info: SourceInfo;
  /** Whether it was given up. */
  disposed = false;
  /** What a jump, or a pause, waits for before its picture stands; a test may hold it. */
  arrival: Promise<void> = Promise.resolve();
  /** What was asked of its controls, in order. */
  readonly did: string[] = [];
  /** Cameras whose reading ends were taken. */
  readonly handles: number[] = [];
  /** Labels that were laid beside it last. */
  labels: LabelParts | null = null;
  /** What is seen of the next labels, where a test has its own. */
  survey: Partial<LabelSurvey> | null = null;
  /** Those of its kind; each notes what it was asked in `did`. */
  readonly controls: FrameSource['controls'];
  #listener: (event: SourceEvent) => void = () => {};

  constructor(request: SourceRequest) {
    const parts = request.kind === 'file' ? request.parts : null;
    const cameras =
      parts?.kind === 'cameras'
        ? parts.cameras.map(({ name }) => ({ name, width: 640, height: 360, shows: [{ from: 0, to: 90 }] }))
        : null;
    this.info = {
      file: {
        kind: 'file',
        key: 'file',
        title: 'clip.mp4',
        width: 640,
        height: 360,
        duration: 90,
        ...(cameras && { cameras }),
      } as const,
      camera: { kind: 'camera', key: 'camera', title: 'Front camera', width: 640, height: 360 } as const,
      drive: {
        kind: 'drive',
        key: request.kind === 'drive' ? `drive:${request.seed}` : 'drive',
        title: request.kind === 'drive' ? `Simulated drive ${request.seed}` : 'Simulated drive',
        width: 640,
        height: 360,
      } as const,
    }[request.kind];
    const note = async (what: string) => void this.did.push(what);
    const pausing = {
      play: () => note('play'),
      pause: async () => {
        await note('pause');
        await this.arrival;
      },
    };
    this.controls = {
      file: {
        ...pausing,
        seek: async (seconds: number) => {
          await note(`seek ${seconds}`);
          await this.arrival;
        },
        setLoop: (loop: boolean) => note(`loop ${loop}`),
        step: (frames: number) => note(`step ${frames}`),
        setRate: (rate: number) => note(`rate ${rate}`),
        setLabels: async (labels: LabelParts | null, camera = 0) => {
          this.labels = labels;
          const beside = camera > 0 ? ` of camera ${camera + 1}` : '';
          this.did.push(
            labels?.files instanceof File ? `labels ${labels.files.name}${beside}` : 'labels none',
          );
          return labels ? 3 : 0;
        },
        surveyLabels: async (_: LabelParts, dictionary: string | null) => {
          const survey = { ...CLEAR_SURVEY, ...this.survey };
          return dictionary === null ? survey : { ...survey, dictionary };
        },
        setRange: (range: TimeRange | null) => note(range ? `range ${range.from} ${range.to}` : 'range none'),
      },
      camera: {},
      drive: { ...pausing, seek: (seconds: number) => note(`seek ${seconds}`) },
    }[request.kind];
  }

  /** Says something to the page. */
  emit(event: SourceEvent): void {
    this.#listener(event);
  }

  /** A port on which no frame ever comes. */
  handle(camera = 0): FrameHandle {
    this.handles.push(camera);
    return { kind: 'port', port: new MessageChannel().port1 };
  }

  /** See `FrameSource.onEvent`. */
  onEvent(listener: (event: SourceEvent) => void): void {
    this.#listener = listener;
  }

  /** Notes that it was given up. */
  async dispose(): Promise<void> {
    this.disposed = true;
  }
}
