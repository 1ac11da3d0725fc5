import { expect, test } from 'vitest';
import { answer } from '../../../src/model/byo';
import { answered, factsOf, ownModel, readAnswers } from '../../../src/studio/model/own-model';
import { fakeDraft } from '../../fakes/app';

const file = new File(['x'], 'own.onnx');

test('questions that depend on an answer come in a second step, and the manifest is complete after it', () => {
  const first = ownModel(file, fakeDraft('own.onnx'));
  expect(first.questions.map((q) => q.id)).toEqual(['normalisation', 'output']);
  const second = answered(
    first,
    readAnswers(first.questions, { normalisation: 'unit', output: 'lanes' }) as object,
  );
  expect(second.questions.map((q) => q.id)).toEqual(['classes']);
  const third = answered(
    second,
    readAnswers(second.questions, { classes: 'own', 'classes-own': '-, road, lane marking' }) as object,
  );
  expect(third.questions.map((q) => q.id)).toEqual(['roles']);
  const fourth = answered(
    third,
    readAnswers(third.questions, { 'role-0': 'nothing', 'role-1': 'drivable', 'role-2': 'king' }) as object,
  );
  expect(fourth.questions).toEqual([]);
  const manifest = answer(fourth.draft, fourth.answers);
  expect(manifest.classes.map((c) => c.role)).toEqual(['nothing', 'drivable', null]);
  expect(manifest.classes.map((c) => c.name)).toEqual(['none of these', 'road', 'lane marking']);
  expect(manifest.output).toMatchObject({ name: 'lanes', width: 512, height: 256, stride: 1 });
  expect(manifest.input.std).toEqual([1, 1, 1]);
});

test('two equal names, or too few of them, are refused with a sentence', () => {
  const questions = [{ id: 'classes', channels: 3, choices: [], names: null }] as const;
  expect(readAnswers(questions, { classes: 'own', 'classes-own': 'road, unicorn, road' })).toMatch(/“road”/);
  expect(readAnswers(questions, { classes: 'own', 'classes-own': 'road, -' })).toMatch(/3 classes.* 2/);
  expect(readAnswers(questions, { classes: 'carriageway' })).toEqual({ classes: 'carriageway' });
});

test.each([
  ['', '10'],
  ['7', '288'],
  ['512.5', '288'],
])('a size of %s × %s is refused', (width, height) => {
  const questions = [{ id: 'size', width: null, height: null }] as const;
  expect(readAnswers(questions, { 'size-width': width, 'size-height': height })).toMatch(/whole numbers/);
});

test('a side that the file fixes is kept, whatever the form says', () => {
  const questions = [{ id: 'size', width: 640, height: null }] as const;
  expect(readAnswers(questions, { 'size-width': '1', 'size-height': '384' })).toEqual({
    size: { width: 640, height: 384 },
  });
});

test('names out of the file are taken as they are, commas and all', () => {
  const names = ['wall, fence', 'sky'];
  const questions = [{ id: 'classes', channels: 2, choices: [], names }] as const;
  expect(readAnswers(questions, { classes: 'own', 'classes-own': 'wall, fence; sky' })).toEqual({
    classes: [
      { name: 'wall, fence', role: 'boundary' },
      { name: 'sky', role: 'sky' },
    ],
  });
});

test('the facts name input and outputs', () => {
  const facts = Object.fromEntries(factsOf({ ...fakeDraft('own.onnx'), gate: 'gate' }));
  expect(facts.Input).toBe('image, 512 × 256');
  expect(facts.Outputs).toBe('drivable, 2 classes, 512 × 256; lanes, 3 classes, 512 × 256');
  expect(facts.File).toBe('4.2 MB, fp32');
  expect(facts.Gate).toBe('gate');
});
