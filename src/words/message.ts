/**
 * A message of a catalogue: text with places `{name}` for values. One that depends on a number has two forms, of which
 * `count` chooses by the language's own rule.
 */
export type Message = string | Forms;

/** Forms by number: English and German both tell one from all others. */
export interface Forms {
  readonly one: string;
  readonly other: string;
}

/** The same messages in another language. */
export type Same<Words> = { readonly [Key in keyof Words]: Words[Key] extends string ? string : Forms };

/** The texts of a message, whatever its forms. */
type TextOf<M> = M extends string ? M : M extends Forms ? M['one'] | M['other'] : never;

/** Names of the places in a text. */
type PlacesIn<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlacesIn<Rest>
  : never;

/** What the places of a message are filled with; the number that chooses the form is a number. */
export type ValuesOf<M> = { readonly [Name in PlacesIn<TextOf<M>>]: string | number } & (M extends Forms
  ? { readonly count: number }
  : unknown);

/** Arguments of a message: none where it has no places. */
export type ArgumentsOf<M> = keyof ValuesOf<M> extends never ? [] : [values: ValuesOf<M>];

/**
 * Fills the places of a message.
 * @param rule which form a number takes
 * @param write how numbers are written
 */
export function fill(
  message: Message,
  values: Readonly<Record<string, string | number>>,
  rule: Pick<Intl.PluralRules, 'select'>,
  write: (value: number) => string,
): string {
  const form = typeof message === 'string' || rule.select(Number(values.count)) !== 'one' ? 'other' : 'one';
  const text = typeof message === 'string' ? message : message[form];
  return text.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    if (value === undefined) return place;
    return typeof value === 'number' ? write(value) : value;
  });
}
