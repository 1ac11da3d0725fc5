/** Finds words that are written where they are shown: in lit templates, and as sentences in strings. */

/** Attributes that people hear or read. */
const SPOKEN = /^(aria-label|aria-valuetext|aria-description|title|placeholder|alt)$/;

/** A label or a sentence, as against a key, a class or an id: it begins with a capital and goes on in small letters. */
const SENTENCE = /^[A-Z][a-z’]*[ …].*[a-z]|^[A-Z][a-z]+…$/;

/** What stands for a value in the text of a template. */
const VALUE = '\0';

/** Texts of a source file that people would see, in order. */
export function literalsOf(code: string): string[] {
  return new Scanner(code).scan();
}

class Scanner {
  #at = 0;
  readonly #found: string[] = [];

  constructor(private readonly code: string) {}

  scan(): string[] {
    this.#code();
    return this.#found;
  }

  /** Code up to its end, or to the brace that closes a value of a template. */
  #code(): void {
    let depth = 0;
    let before = '';
    while (this.#at < this.code.length) {
      const rest = this.code.slice(this.#at, this.#at + 2);
      const sign = rest[0]!;
      if (rest === '//') this.#skipTo('\n');
      else if (rest === '/*') this.#skipTo('*/');
      else if (sign === "'" || sign === '"') this.#string(sign, before);
      else if (sign === '`') this.#template(before);
      else if (sign === '/' && /[(,=:[!&|?{};\n]\s*$|^\s*$|return\s*$/.test(before)) this.#pattern();
      else {
        if (sign === '{') depth++;
        if (sign === '}' && depth-- === 0) return;
        before = `${before}${sign}`.slice(-60);
        this.#at++;
        continue;
      }
      before = `${before}x`.slice(-60);
    }
  }

  #skipTo(end: string): void {
    const to = this.code.indexOf(end, this.#at + 2);
    this.#at = to < 0 ? this.code.length : to + end.length;
  }

  #pattern(): void {
    let set = false;
    for (this.#at++; this.#at < this.code.length; this.#at++) {
      const sign = this.code[this.#at];
      if (sign === '\\') this.#at++;
      else if (sign === '[') set = true;
      else if (sign === ']') set = false;
      else if (sign === '/' && !set) break;
    }
    this.#at++;
  }

  #string(quote: string, before: string): void {
    let text = '';
    for (this.#at++; this.#at < this.code.length && this.code[this.#at] !== quote; this.#at++) {
      if (this.code[this.#at] === '\\') this.#at++;
      text += this.code[this.#at] ?? '';
    }
    this.#at++;
    if (SENTENCE.test(text) && !isForProgrammers(before)) this.#found.push(text);
  }

  #template(before: string): void {
    const drawn = /\b(html|svg)$/.test(before);
    // What stands inside is found first, what it stands in afterwards.
    let text = '';
    for (this.#at++; this.#at < this.code.length && this.code[this.#at] !== '`'; this.#at++) {
      if (this.code[this.#at] === '\\') this.#at++;
      else if (this.code.startsWith('${', this.#at)) {
        this.#at += 2;
        this.#code();
        text += VALUE;
        continue;
      }
      text += this.code[this.#at] ?? '';
    }
    this.#at++;
    if (drawn) this.#found.push(...shownIn(text));
    else if (SENTENCE.test(text.replaceAll(VALUE, '')) && !isForProgrammers(before))
      this.#found.push(text.replaceAll(VALUE, ''));
  }
}

function isForProgrammers(before: string): boolean {
  return /new \w*Error\(\s*$/.test(before);
}

/** Words in the markup of a template: between tags, and in attributes that are spoken. */
function shownIn(markup: string): string[] {
  const found: string[] = [];
  const tag = /<!--[\s\S]*?-->|<\/?[a-z][^\s>/]*((?:\s+[^\s=>]+(?:=(?:"[^"]*"|[^\s>]*))?)*)\s*\/?>/gi;
  const add = (text: string) => {
    const words = text.replaceAll(VALUE, '').replaceAll(/\s+/g, ' ').trim();
    if (/[a-z]{2}/i.test(words)) found.push(words);
  };
  let end = 0;
  for (const match of markup.matchAll(tag)) {
    add(markup.slice(end, match.index));
    end = match.index + match[0].length;
    for (const [, name, value] of (match[1] ?? '').matchAll(/([^\s=]+)="([^"]*)"/g))
      if (SPOKEN.test(name!)) add(value!);
  }
  add(markup.slice(end));
  return found;
}
