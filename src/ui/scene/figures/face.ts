import type { Group } from "three";
import { chance, type Piece } from "../paint/piece";
import { ball } from "../paint/shapes";

export const SKIN = "#e0a886";
const BLACK = "#1a1430";

/** Two dark eyes with a spark of light in each; a mesh of their own, so that they can blink. Their middle is the origin. */
export function eyes(apart: number, size: number, deep: number): Piece[] {
  return [-1, 1].flatMap((side) => [
    ball(size, 12)
      .scale(0.86, 1.1, 0.6)
      .move((side * apart) / 2, 0, deep)
      .paint(BLACK),
    ball(size * 0.36, 7)
      .move((side * apart) / 2 - size * 0.22, size * 0.42, deep + size * 0.46)
      .paint("#fff6e0", 1),
  ]);
}

/** Open for some seconds, shut for a tenth of one: each figure in a rhythm of its own. */
export function blink(lids: Group | null, time: number, own: number, still: boolean): void {
  if (!lids) return;
  const beat = time / 3.7 + own;
  const sinceBeat = (beat - Math.floor(beat)) * 3.7;
  const open = still || sinceBeat > 0.16 + chance(Math.floor(beat) + own) * 0.05;
  lids.scale.y = open ? 1 : 0.12;
}
