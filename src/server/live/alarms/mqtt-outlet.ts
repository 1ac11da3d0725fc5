/** Alarms as MQTT messages, at least once: `carriageway/ROOM/alarms`, the alarm as JSON. */
import { setTimeout as sleep } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import type { Alarm } from '../../../live/alarms.ts';
import type { Log } from '../../log.ts';
import type { AlarmOutlet } from './alarm-book.ts';

/** Alarms that wait for the broker; what comes beyond is left out. */
const WAITING_MAX = 100;

/** Milliseconds between two tries to reach the broker, and for its farewell. */
const RECONNECT = 2000;
const END_LIMIT = 1000;

/** Owns its connection, which is made anew for ever. */
export class MqttOutlet implements AlarmOutlet {
  readonly #client: MqttClient;
  #waiting = 0;
  #troubled = false;

  /** @param url such as `mqtt://user:password@10.0.0.3` */
  constructor(
    url: string,
    private readonly log: Log,
  ) {
    this.#client = mqtt.connect(url, { reconnectPeriod: RECONNECT, connectTimeout: 10_000 });
    this.#client.on('error', (error) => this.#trouble(error.message));
    this.#client.on('offline', () => this.#trouble('offline'));
    this.#client.on('connect', () => {
      this.#troubled = false;
      this.log.info('the MQTT broker is there');
    });
  }

  publish(alarm: Alarm): void {
    if (this.#waiting >= WAITING_MAX) {
      this.log.warn({ alarm: alarm.id }, 'the MQTT broker is away; an alarm is left out');
      return;
    }
    this.#waiting++;
    this.#client.publish(`carriageway/${alarm.room}/alarms`, JSON.stringify(alarm), { qos: 1 }, (error) => {
      this.#waiting--;
      if (error) this.log.error({ err: error, alarm: alarm.id }, 'an alarm could not be published');
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What the broker has not confirmed in time is not waited for; where there is none, not at all.
    if (this.#client.connected)
      await Promise.race([
        this.#client.endAsync().catch(() => {}),
        sleep(END_LIMIT, undefined, { ref: false }),
      ]);
    this.#client.end(true);
  }

  /** Once, not at every try. */
  #trouble(what: string): void {
    if (this.#troubled) return;
    this.#troubled = true;
    this.log.warn({ what }, 'the MQTT broker cannot be reached');
  }
}
