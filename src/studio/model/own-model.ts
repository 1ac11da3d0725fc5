/**
 * The user's own model, step by step: a file that was looked at, the questions that are open, the answers so far. Some
 * questions follow from earlier answers (which output decides how many classes there are), so there may be more than
 * one step.
 */
import { type ByoAnswers, type ByoDraft, type ByoQuestion, openQuestions } from '../../model/byo';
import { type ClassPreset, readClassNames } from '../../model/presets';
import { ROLES } from '../../taxonomy/class-list';
import { roleByName } from '../../taxonomy/meanings';
import { say } from '../../words/words';
import { formatBytes } from '../shell/format';

/** A file of the user's own, on its way to a manifest. */
export interface OwnModel {
  readonly file: File;
  readonly draft: ByoDraft;
  readonly answers: ByoAnswers;
  readonly questions: readonly ByoQuestion[];
  /** Why the last answers were not taken; empty at first. */
  readonly problem: string;
}

/** The first step. */
export function ownModel(file: File, draft: ByoDraft): OwnModel {
  return { file, draft, answers: {}, questions: openQuestions(draft), problem: '' };
}

/** The step after some answers. */
export function answered(own: OwnModel, more: ByoAnswers): OwnModel {
  const answers = { ...own.answers, ...more };
  return { ...own, answers, questions: openQuestions(own.draft, answers), problem: '' };
}

/** What the file says of itself, for people. */
export function factsOf({
  bytes,
  precision,
  image,
  gate,
  outputs,
}: ByoDraft): [label: string, value: string][] {
  const size = (shape: { width: number | null; height: number | null }) =>
    shape.width && shape.height ? `${shape.width} × ${shape.height}` : say('own.any-size');
  const facts: [string, string][] = [
    [say('own.file'), `${formatBytes(bytes)}, ${precision}`],
    [say('own.input'), `${image.name}, ${size(image)}`],
    [
      say(outputs.length === 1 ? 'own.output' : 'own.outputs'),
      outputs
        .map(
          (o) =>
            `${o.name}, ${o.activation === 'ids' ? say('own.class-numbers') : say('own.class-count', { count: o.channels ?? '?' })}, ${size(o)}`,
        )
        .join('; '),
    ],
  ];
  if (gate !== null) facts.push([say('own.gate'), gate]);
  return facts;
}

/** Names of classes as they stand in the form's field. */
export function namesAsText(names: readonly string[]): string {
  return names.join('; ');
}

/** The value of the class choice that stands for names of one's own. */
export const OWN_CLASSES = 'own';

/** What the dialog's form holds for a question, as texts by field name. */
export type FormTexts = Readonly<Record<string, string>>;

/**
 * Turns the texts of the form into answers.
 * @returns the answers, or a sentence for the user when a text means nothing
 */
export function readAnswers(questions: readonly ByoQuestion[], texts: FormTexts): ByoAnswers | string {
  let answers: ByoAnswers = {};
  for (const question of questions) {
    const text = texts[question.id] ?? '';
    switch (question.id) {
      case 'size': {
        const [width, height] = [
          question.width ?? Number(texts['size-width']),
          question.height ?? Number(texts['size-height']),
        ];
        if (!Number.isInteger(width) || !Number.isInteger(height) || width < 8 || height < 8)
          return say('own.bad-size');
        answers = { ...answers, size: { width, height } };
        break;
      }
      case 'classes': {
        if (text !== OWN_CLASSES) {
          answers = { ...answers, classes: text as ClassPreset };
          break;
        }
        const typed = (texts['classes-own'] ?? '').trim();
        // Names out of the file may hold commas; as they were offered they are taken as they are.
        const classes =
          question.names && typed === namesAsText(question.names)
            ? question.names.map((name) => ({ name, role: roleByName(name) }))
            : readClassNames(typed);
        if (question.channels !== null && classes.length !== question.channels)
          return say('own.bad-count', { channels: question.channels, names: classes.length });
        const twice = classes.find(({ name }, i) => classes.findIndex((other) => other.name === name) < i);
        if (twice) return say('own.twice', { name: twice.name });
        answers = { ...answers, classes };
        break;
      }
      case 'roles':
        answers = {
          ...answers,
          roles: question.classes.map((_, id) => ROLES.find((role) => role === texts[`role-${id}`]) ?? null),
        };
        break;
      default:
        // The choices of a select come from the question itself.
        answers = { ...answers, [question.id]: text };
    }
  }
  return answers;
}
