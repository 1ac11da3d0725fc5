/** Numbers read off a class map: the drivable share of the picture, and how decided the network is. */
import { BROKEN_CLASS, type ClassList, isDrivableRole, VOID_CLASS } from '../taxonomy/class-list';
import { drivingIds } from '../taxonomy/meanings';
import type { ClassMap } from './engine';

/**
 * Share of what is seen of the world that is drivable, 0 to 1. The own car is no part of it, neither as road nor as
 * picture: a bonnet that fills a third of the frame says nothing of the road, and the share of two cameras can be
 * compared. Cells that are masked or broken do not count; undecided ones do, as not drivable.
 * @returns null when nothing counts, or when no class of the list is drivable
 */
export function drivableShare(map: ClassMap, list: ClassList): number | null {
  if (!list.some(({ role }) => isDrivableRole(role))) return null;
  let drivable = 0;
  let seen = 0;
  for (const id of map.classes) {
    if (id === VOID_CLASS || id === BROKEN_CLASS) continue;
    const role = list[id]?.role ?? null;
    if (role === 'own car') continue;
    seen++;
    if (isDrivableRole(role)) drivable++;
  }
  return seen === 0 ? null : drivable / seen;
}

/**
 * How decided the network is about what can be driven on: the mean over the same cells of the larger of p and 1 − p,
 * with p the drivable probability. 0.5 (no idea) to 1 (certain); null where there is no drivable share.
 */
export function decidedness(map: ClassMap, list: ClassList): number | null {
  if (!list.some(({ role }) => isDrivableRole(role))) return null;
  let sum = 0;
  let seen = 0;
  map.classes.forEach((id, i) => {
    if (id === VOID_CLASS || id === BROKEN_CLASS || list[id]?.role === 'own car') return;
    const p = map.drivable[i]! / 255;
    sum += Math.max(p, 1 - p);
    seen++;
  });
  return seen === 0 ? null : sum / seen;
}

/** Share of a map's cells for which the network gave no numbers, 0 to 1. */
export function brokenShare({ classes }: ClassMap): number {
  let broken = 0;
  for (const id of classes) if (id === BROKEN_CLASS) broken++;
  return classes.length === 0 ? 0 : broken / classes.length;
}

/** What the ids of a list come to in a map of the world; worked out once for each list. */
const tables = new WeakMap<ClassList, Uint8Array>();

function tableOf(list: ClassList): Uint8Array {
  let table = tables.get(list);
  if (!table) {
    table = drivingIds(list);
    // Nothing is known of what lies behind the own car, nor of what the network gave no numbers for.
    list.forEach(({ role }, id) => {
      if (role === 'own car') table![id] = VOID_CLASS;
    });
    table[BROKEN_CLASS] = VOID_CLASS;
    tables.set(list, table);
  }
  return table;
}

/**
 * A class map of any list in our own classes, as the scene reads it and others are told of it. The own car becomes void:
 * it is no obstacle, and hides what is behind it.
 */
export function drivingMap(map: ClassMap, list: ClassList): ClassMap {
  const table = tableOf(list);
  return { ...map, classes: map.classes.map((id) => table[id]!) };
}
