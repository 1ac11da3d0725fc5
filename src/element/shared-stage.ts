/** Elements of one page share a stage, and with it the device and the model: they take turns, and the last one ends it. */
import { EmbeddedStage } from './create-stage';
import type { StageSettings } from './options';

interface Shared {
  readonly stage: EmbeddedStage;
  /** Resolves when the model runs. */
  readonly started: Promise<void>;
  users: number;
}

const stages = new Map<string, Shared>();

/** A stage that others may use as well. */
export interface StageShare {
  readonly stage: EmbeddedStage;
  readonly started: Promise<void>;
  /** Gives the share back; the stage ends with its last one. Call once. */
  release(): Promise<void>;
}

/** Takes a share of the stage with these settings, and makes it when nobody has. @throws CarriagewayError `option-invalid` */
export function shareStage(settings: StageSettings): StageShare {
  const key = JSON.stringify([settings.engine, settings.model, settings.base]);
  let shared = stages.get(key);
  if (!shared) {
    // How many will come is not known: all are drawn through one context where there is no GPU.
    const stage = new EmbeddedStage({ ...settings, manyViews: true });
    const started = stage.start();
    // Each user awaits it too; without one it must not be called unheard.
    started.catch(() => {});
    shared = { stage, started, users: 0 };
    stages.set(key, shared);
  }
  const { stage, started } = shared;
  shared.users++;
  return {
    stage,
    started,
    async release() {
      if (!shared || --shared.users > 0) return;
      stages.delete(key);
      await stage.dispose();
    },
  };
}
