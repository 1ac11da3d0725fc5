/** Entry of the page that measures this machine, loaded only when the address asks for it. */
import './measure.css';
import { openDrive } from '../drive/drive-source';
import { availableModels } from '../model/catalogue';
import { linkStage } from '../stage/stage-link';
import { browserStorage, SavedSettings } from '../studio/shell/saved';
import { say } from '../words/words';
import './cw-measure';
import { lookAtGraphics } from './measure-machine';
import { plannedCases } from './measurement';

/** Longest wait for the browser's word on memory, in milliseconds: it collects garbage first, when it likes. */
const MEMORY_LIMIT = 20_000;

/** Chromium's, and of isolated pages alone. */
interface MemoryTeller {
  measureUserAgentSpecificMemory?(): Promise<{ readonly bytes: number }>;
}

async function memory(): Promise<number | null> {
  const teller = performance as MemoryTeller;
  if (!teller.measureUserAgentSpecificMemory) return null;
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), MEMORY_LIMIT));
  const told = teller.measureUserAgentSpecificMemory().then(
    ({ bytes }) => bytes,
    () => null,
  );
  return Promise.race([told, late]);
}

/** Builds the page inside `root`; it begins when it is asked to. */
export function openMeasure(root: HTMLElement): void {
  const saved = new SavedSettings(browserStorage());
  const element = document.createElement('cw-measure');
  element.ports = {
    plan: plannedCases(availableModels()),
    linkStage,
    openSource: () => openDrive({ truth: false }),
    graphics: lookAtGraphics,
    memory,
    now: () => performance.now(),
    saveTier: (tier) => saved.saveTier(tier),
    copy: (text) => navigator.clipboard.writeText(text),
  };
  document.title = say('measure.title');
  // The page's own frame, which fills the window, is not for a page that scrolls.
  root.classList.remove('app');
  root.replaceChildren(element);
}
