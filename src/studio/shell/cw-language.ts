/** The language of the page, at the foot of the panel. */
import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { LANGUAGE_TAGS, LANGUAGES, type Language } from '../../words/language';
import { say, spokenLanguage } from '../../words/words';
import { CwElement } from './element';

/** `<cw-language>` */
export class CwLanguage extends CwElement {
  protected override render(): TemplateResult {
    const spoken = spokenLanguage();
    const choose = ({ target }: Event) =>
      void this.context.page.setLanguage((target as HTMLSelectElement).value as Language);
    return html`<label class="panel-section language"><span>${say('page.language')}</span><select
      class="small"
      data-testid="language"
      @change=${choose}
    >${LANGUAGE_TAGS.map(
      (tag) =>
        html`<option value=${tag} lang=${tag} .selected=${live(tag === spoken)}>${LANGUAGES[tag]}</option>`,
    )}</select></label>`;
  }
}

customElements.define('cw-language', CwLanguage);
