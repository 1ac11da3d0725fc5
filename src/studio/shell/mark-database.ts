/** Start marks in IndexedDB, written through to the disk. Where that is refused there are none. */
import type { EngineChoice } from '../../stage/stage-api';

/** Where marks are laid: what was put there has survived whatever follows. Neither rejects. */
export interface MarkStore {
  get(choice: EngineChoice): Promise<string | null>;
  put(choice: EngineChoice, mark: string): Promise<void>;
}

const NAME = 'carriageway.start';
const STORE = 'marks';

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('the database is held by another version of the page'));
  });
}

/** The browser's own. */
export function markDatabase(): MarkStore {
  return {
    async get(choice: EngineChoice) {
      try {
        const database = await open();
        try {
          return await new Promise((resolve, reject) => {
            const request = database.transaction(STORE).objectStore(STORE).get(choice);
            request.onsuccess = () => resolve(typeof request.result === 'string' ? request.result : null);
            request.onerror = () => reject(request.error);
          });
        } finally {
          database.close();
        }
      } catch {
        return null;
      }
    },
    async put(choice, mark) {
      try {
        const database = await open();
        try {
          await new Promise<void>((resolve, reject) => {
            const writing = database.transaction(STORE, 'readwrite', { durability: 'strict' });
            writing.objectStore(STORE).put(mark, choice);
            writing.oncomplete = () => resolve();
            writing.onabort = () => reject(writing.error);
          });
        } finally {
          database.close();
        }
      } catch {
        // Full or forbidden: a fall is then not remembered, which costs another one at worst.
      }
    },
  };
}
