/** What `npm run bench -- live` measures. */
import { type FigureSpec, FigureTable } from '../figures.ts';

const SPECS = {
  tiles9_rate_over_tiles1: {
    title: 'masks a second of nine tiles together, against one tile',
    unit: '×',
    goal: 0.9,
    bound: 'at least',
  },
  tiles9_main_thread_ms_per_frame: {
    title: 'main thread for each picture, nine tiles',
    unit: 'ms',
    goal: 0.5,
    bound: 'at most',
  },
  sfu_cpu_over_bare: {
    title: 'processor time for each Mbit forwarded, against a bare mediasoup',
    unit: '×',
    goal: 1.1,
    bound: 'at most',
  },
  record_cpu_over_forward: {
    title: 'the same with all of it recorded, against forwarding alone',
    unit: '×',
    goal: 1.2,
    bound: 'at most',
  },
  ingest_srtp_cpu_over_rtp: {
    title: 'a media worker for each Mbit that comes in under SRTP, against plain RTP',
    unit: '×',
    goal: 1.3,
    bound: 'at most',
  },
  added_delay_frames: {
    // One inference and one frame, where the network keeps up with the frames.
    title: 'a tile behind a plain video of the same track',
    unit: 'frames',
    goal: 2,
    bound: 'at most',
  },
  redis_gap_recovered_s_over_ttl: {
    title: 'until all is known again after Redis came back empty, against the life of an entry',
    unit: '×',
    goal: 1.5,
    bound: 'at most',
  },
  worker_hang_recovered_s_over_probe: {
    title: 'until a room is taken again after its media worker hung, against the time between two probes',
    unit: '×',
    goal: 2.5,
    bound: 'at most',
  },
} as const satisfies Record<string, FigureSpec>;

/** A figure's name. */
export type LiveFigureId = keyof typeof SPECS;

/** The figures, in the order in which they are printed. */
export const LIVE = new FigureTable<LiveFigureId>(SPECS);
