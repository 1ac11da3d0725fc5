/** What concerns the page as a whole: snapshots, full screen, the sheet of keys, the menus. */
import { CarriagewayError } from '../../errors';
import { LANGUAGES, type Language } from '../../words/language';
import { say, speak } from '../../words/words';
import type { AppState, AppStore, PanelHeight } from './app-state';
import { fileNameOf } from './format';
import type { Notices } from './notices';
import { momentLink } from './params';
import type { SavedSettings } from './saved';

/** What the actions need from outside. */
export interface PagePorts {
  readonly snapshot: (withOverlay: boolean, blur: boolean) => Promise<Blob>;
  /** Gives a file to the user. */
  readonly download: (blob: Blob, name: string) => void;
  /** What fills the screen: picture and bar. */
  readonly fullScreenTarget: () => Element;
}

/** Page-wide actions. */
export class PageActions {
  constructor(
    private readonly store: AppStore,
    private readonly notices: Notices,
    private readonly saved: SavedSettings,
    private readonly ports: PagePorts,
  ) {
    store.update({ keysOn: saved.keysOn(), blur: saved.blur() });
  }

  /** Downloads a PNG of the picture, with people and vehicles blurred where that is wanted. */
  async snapshot(withOverlay: boolean): Promise<void> {
    try {
      const blob = await this.ports.snapshot(withOverlay, this.store.state.blur);
      const { playback, rig, chosen } = this.store.state;
      const camera = rig[chosen]?.name ? `-${rig[chosen].name}` : '';
      const title = `${fileNameOf(playback?.info.title ?? 'picture')}${camera}`;
      const stamp = new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-');
      this.ports.download(blob, `${title}-${stamp}${withOverlay ? '' : '-raw'}.png`);
      this.store.update({ spoken: say('spoken.snapshot') });
    } catch (thrown) {
      this.notices.thrown(thrown, 'snapshot-failed');
    }
  }

  /**
   * Copies the address of the moment shown: of the drive, and of a recording that was opened by its address.
   * @returns where it stands now: in the clipboard, or in the address bar where the browser lets no page copy; null where
   *   there is none
   */
  async copyLink(): Promise<'clipboard' | 'address' | null> {
    const { playback } = this.store.state;
    const link = playback && momentLink(location.href, playback.request, playback.seconds);
    if (!link) return null;
    try {
      await navigator.clipboard.writeText(link);
      this.store.update({ spoken: say('spoken.link') });
      return 'clipboard';
    } catch {
      history.replaceState(null, '', link);
      this.store.update({ spoken: say('spoken.link-in-bar') });
      return 'address';
    }
  }

  /** Whether the browser lets the page fill the screen (phones may not). */
  get canFullScreen(): boolean {
    return document.fullscreenEnabled;
  }

  async toggleFullScreen(): Promise<void> {
    try {
      if (document.fullscreenElement) await document.exitFullscreen();
      else await this.ports.fullScreenTarget().requestFullscreen();
    } catch {
      // Refused by the browser or the user: the page simply keeps its size.
    }
  }

  /** Opens one of the menus, or closes it. */
  toggleMenu(menu: NonNullable<AppState['menu']>): void {
    this.store.update({ menu: this.store.state.menu === menu ? null : menu });
  }

  /** Closes a menu if it is the open one. */
  closeMenu(menu: NonNullable<AppState['menu']>): void {
    if (this.store.state.menu === menu) this.store.update({ menu: null });
  }

  /** Pulls the panel up or down. */
  setPanel(panel: PanelHeight): void {
    this.store.update({ panel });
  }

  setDetails(details: boolean): void {
    this.store.update({ details });
  }

  /** Blurs people and vehicles in what leaves the page from now on, or not, and remembers it. */
  setBlur(blur: boolean): void {
    this.store.update({
      blur,
      spoken: say(blur ? 'spoken.blurred' : 'spoken.not-blurred'),
    });
    this.saved.saveBlur(blur);
  }

  /** Speaks another language from now on, and remembers it. The present one stays where its words cannot be had. */
  async setLanguage(language: Language): Promise<void> {
    try {
      await speak(language);
    } catch (thrown) {
      const detail = thrown instanceof Error ? thrown.message : String(thrown);
      this.notices.thrown(new CarriagewayError('language-not-loaded', detail), 'language-not-loaded');
      return;
    }
    this.saved.saveLanguage(language);
    this.store.update({ spoken: say('page.language-spoken', { name: LANGUAGES[language] }) });
  }

  /** Binds single keys, or not, and remembers it. */
  setKeysOn(keysOn: boolean): void {
    this.store.update({ keysOn });
    this.saved.saveKeysOn(keysOn);
  }
}

/** Hands a file to the browser's downloads. */
export function downloadBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then; revoking at once would cancel it in some browsers.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
