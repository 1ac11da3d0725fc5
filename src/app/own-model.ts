/**
 * The user's own model, as the page sees it: a file, questions that only a person can answer, and a manifest made of
 * the answers.
 */

/** One question; the answer is a text, checked when the manifest is made. */
export interface ByoQuestion {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  /** Choices to pick from; null for free text. */
  readonly options: readonly { readonly value: string; readonly label: string }[] | null;
  /** What is filled in at first. */
  readonly initial: string;
}

/** Answers by the id of the question. */
export type ByoAnswers = Readonly<Record<string, string>>;

/** A file that was looked at. */
export interface ByoSession {
  readonly file: File;
  readonly title: string;
  /** What the file says of itself, for people: input, output, classes. */
  readonly facts: readonly (readonly [string, string])[];
  readonly questions: readonly ByoQuestion[];
}

/** Looks at files and makes manifests. */
export interface ByoPort {
  /** @throws CarriagewayError `model-too-large`, `model-not-onnx` or `model-not-segmentation` */
  inspect(file: File): Promise<ByoSession>;
  /** @throws CarriagewayError `model-manifest-invalid`, the detail names the field */
  manifest(session: ByoSession, answers: ByoAnswers): unknown;
}
