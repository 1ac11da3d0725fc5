/**
 * `/live/health` (is this process alive: a supervisor restarts it when not), `/live/ready` (may newcomers be sent here: a
 * balancer asks) and `/live/metrics`. None of them waits for a worker or for Redis.
 */
import type { FastifyInstance } from 'fastify';
import type { WorkerPool } from '../sfu/worker-pool.ts';
import type { Authority } from './authority.ts';
import { refusalOf } from './authority.ts';
import type { HeldBack } from './held-back.ts';
import type { LiveMetrics } from './metrics.ts';
import type { Recordings } from './recording/recordings.ts';
import { refuse } from './refuse.ts';
import type { Rooms } from './rooms.ts';
import type { SharedMasks } from './shared-masks.ts';
import type { VehicleFigures, VehicleWatch } from './vehicle-watch.ts';

/** What the endpoints are made of. */
export interface StatusEndpoints {
  readonly pool: WorkerPool;
  readonly rooms: Rooms;
  /** Null where nothing is recorded. */
  readonly recordings: Recordings | null;
  readonly metrics: LiveMetrics;
  readonly authority: Authority;
  readonly watch: VehicleWatch;
  readonly masks: SharedMasks;
  readonly heldBack: HeldBack;
  /** Open sockets. */
  sockets(): number;
  /** Whether everybody is being sent elsewhere. */
  draining(): boolean;
}

/** What is told of a vehicle, and of the masks of it that viewers shared. */
type OfVehicle = (figures: VehicleFigures, masks: number) => number;

/** What is told of each vehicle, with its unit in the name. */
const OF_VEHICLES: Readonly<Record<string, [string, OfVehicle]>> = {
  vehicle_bits_per_second: ['Bits that come in from a vehicle.', (of) => of.bits],
  vehicle_packets_lost: ['Packets of a vehicle that were lost.', (of) => of.packetsLost],
  vehicle_jitter_seconds: ['Jitter of a vehicle’s packets.', (of) => of.jitter],
  vehicle_round_trip_seconds: ['Round trip to a vehicle.', (of) => of.roundTrip],
  vehicle_key_frames_asked: ['Key frames that were asked of a vehicle.', (of) => of.keyFramesAsked],
  vehicle_freezes: ['How often nothing of a vehicle’s picture came for a second.', (of) => of.freezes],
  vehicle_masks_shared: ['Masks of a vehicle that viewers shared.', (_, masks) => masks],
  vehicle_silences: ['How often a vehicle fell silent.', (of) => of.silences],
  vehicle_silent: ['Whether a vehicle is silent.', (of) => Number(of.silent)],
};

/** Adds the endpoints. */
export function addStatusEndpoints(app: FastifyInstance, of: StatusEndpoints): void {
  const { pool, rooms, metrics, watch } = of;
  const count = (what: keyof ReturnType<Rooms['count']>) => () => rooms.count()[what];
  metrics.gauge('rooms', 'Rooms in which somebody is.', count('rooms'));
  metrics.gauge('peers', 'Participants of all rooms.', count('peers'));
  metrics.gauge('vehicles', 'Pictures that come in.', count('vehicles'));
  metrics.gauge('consumers', 'Pictures that go out.', count('consumers'));
  metrics.gauge('routers', 'Routers that carry the rooms.', count('spread'));
  metrics.gauge('sockets', 'Open WebSockets.', () => of.sockets());
  metrics.gauge('workers', 'Media workers that run.', () => pool.health.running);
  metrics.gauge('workers_wanted', 'Media workers that there should be.', () => pool.wanted);
  metrics.gauge('workers_died', 'Media workers that died since the start.', () => pool.health.died);
  metrics.gauge('worker_cpu_seconds', 'Processor time of the media workers.', () => pool.cpuSeconds);
  metrics.gauge('held_back', 'Rooms and tokens that are held back.', () => of.heldBack.size);
  metrics.gauge('recorded_vehicles', 'Vehicles that are being recorded.', () => of.recordings?.active ?? 0);
  metrics.gauge('draining', 'Whether everybody is being sent elsewhere.', () => Number(of.draining()));
  metrics.gauge('redis_connected', 'Whether Redis is there; 0 also without one.', () =>
    Number(rooms.neighbours?.directory.connected ?? false),
  );
  metrics.gauge('nodes', 'Other processes that are heard.', () => rooms.neighbours?.directory.others ?? 0);
  metrics.gauge('pipes', 'Pictures that go to other processes.', () => rooms.neighbours?.given ?? 0);
  for (const [name, [help, value]] of Object.entries(OF_VEHICLES))
    metrics.gauges(name, {
      help,
      labels: ['room', 'vehicle', 'name'],
      read: () =>
        [...watch.figures].map(
          ([vehicle, figures]) =>
            [
              { room: figures.room, vehicle, name: figures.name },
              value(figures, of.masks.of(vehicle)),
            ] as const,
        ),
    });

  const missing = () => [
    ...(pool.health.running < pool.wanted ? ['workers'] : []),
    ...(rooms.neighbours && !rooms.neighbours.directory.connected ? ['redis'] : []),
  ];

  app.get('/live/health', async (_request, reply) => {
    const { running } = pool.health;
    return reply
      .code(running > 0 ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ok: running > 0, workers: running, missing: missing() });
  });

  app.get('/live/ready', async (_request, reply) => {
    const ready = pool.health.running > 0 && !of.draining();
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ready, draining: of.draining(), missing: missing() });
  });

  app.get('/live/metrics', async (request, reply) => {
    const asker = await of.authority.askerOf(request);
    const refused = refusalOf(asker);
    if (refused) return refuse(reply, refused);
    if (typeof asker === 'object' && !asker.may.includes('admin')) return refuse(reply, 403);
    return reply
      .type(metrics.type)
      .header('cache-control', 'no-store')
      .send(await metrics.text());
  });
}
