/** A source without frames, for tests of the page. */
import type { FrameHandle } from '../../src/media/timed-frame';
import type { FrameSource, SourceEvent, SourceInfo, TimeRange } from '../../src/sources/source';
import type { SourceRequest } from '../../src/studio/session/open-source';

/** A source without frames, driven by a test. */
export class FakeSource implements FrameSource {
  readonly info: SourceInfo;
  disposed = false;
  /** What a jump waits for before it has arrived; a test may hold it. */
  arrival: Promise<void> = Promise.resolve();
  readonly did: string[] = [];
  readonly controls: FrameSource['controls'];
  #listener: (event: SourceEvent) => void = () => {};

  constructor(request: SourceRequest) {
    this.info = {
      file: { kind: 'file', key: 'file', title: 'clip.mp4', width: 640, height: 360, duration: 90 } as const,
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
    const pausing = { play: () => note('play'), pause: () => note('pause') };
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
        setLabels: async (labels: Blob | null) => {
          this.did.push(labels instanceof File ? `labels ${labels.name}` : 'labels none');
          return labels ? 3 : 0;
        },
        setRange: (range: TimeRange | null) => note(range ? `range ${range.from} ${range.to}` : 'range none'),
      },
      camera: {},
      drive: pausing,
    }[request.kind];
  }

  /** Says something to the page. */
  emit(event: SourceEvent): void {
    this.#listener(event);
  }

  handle(): FrameHandle {
    return { kind: 'port', port: new MessageChannel().port1 };
  }

  onEvent(listener: (event: SourceEvent) => void): void {
    this.#listener = listener;
  }

  async dispose(): Promise<void> {
    this.disposed = true;
  }
}
