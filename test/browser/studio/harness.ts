/** Puts the page, on fakes, into the test's document, and takes it away again. */
import { onTestFinished } from 'vitest';
import { type App, startApp } from '../../../src/studio/shell/app';
import '../../../src/studio/shell/index.css';
import { type FakeWorld, fakeWorld } from '../../fakes/app';
import { fakeReport } from '../../fakes/fake-stage';

/** A page under test. */
export interface Page {
  readonly app: App;
  readonly world: FakeWorld;
  readonly root: HTMLElement;
  /** The element with a `data-testid`. */
  get<E extends HTMLElement = HTMLElement>(id: string): E;
  find(id: string): HTMLElement | null;
}

/** Starts the page and waits until the first source and model are there. */
export async function openPage(query = '', prepare: (world: FakeWorld) => void = () => {}): Promise<Page> {
  const root = document.createElement('div');
  root.className = 'app';
  document.body.append(root);
  const world = fakeWorld();
  prepare(world);
  const app = startApp(root, query, world);
  onTestFinished(async () => {
    await app.dispose();
    root.remove();
  });
  await app.ready;
  const find = (id: string) => root.querySelector<HTMLElement>(`[data-testid="${id}"]`);
  return {
    app,
    world,
    root,
    find,
    get<E extends HTMLElement>(id: string): E {
      const element = find(id);
      if (!element) throw new Error(`No element with the test id ${id}.`);
      return element as E;
    },
  };
}

/** Sends a report, as the worker does four times a second. */
export function report(page: Page, patch: Parameters<typeof fakeReport>[0] = {}): void {
  const report = fakeReport(patch);
  page.world.stage.emit({ type: 'report', views: [report], liveObjects: report.liveObjects });
}

/** Lets promises and the browser's queued events run. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

/** Sets a control's value as a user does. */
export function enter(control: HTMLInputElement | HTMLSelectElement, value: string): void {
  control.value = value;
  control.dispatchEvent(new Event('input', { bubbles: true }));
  control.dispatchEvent(new Event('change', { bubbles: true }));
}
