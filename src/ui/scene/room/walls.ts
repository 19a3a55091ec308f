import { BoxGeometry, Path, Shape, ShapeGeometry } from "three";
import { chance, Piece } from "../paint/piece";
import { box, ring, rod } from "../paint/shapes";
import { HEARTH, LANTERN, WALL, WALL_Z, WINDOW } from "./places";

const STONES = ["#3b4272", "#343a68", "#444a7c", "#2f3560", "#3d3f70", "#4a4a78"];
const PLANKS = ["#4a3240", "#432c3a", "#523844", "#3d2836", "#4d3540"];

/** A stone with its front edges taken off. Without a back: nobody sees it. */
function stone(width: number, height: number, depth: number, seed: number): Piece {
  const piece = new Piece(new BoxGeometry(width, height, depth));
  const tilt = (chance(seed) - 0.5) * 0.03;
  return piece
    .bend((corner) => {
      if (corner.z < 0) return;
      corner.x *= 1 - 0.09 / width;
      corner.y *= 1 - 0.09 / height;
      corner.z += tilt * Math.sign(corner.x) + (chance(seed + 3) - 0.5) * 0.05;
    })
    .paint(STONES[Math.floor(chance(seed + 9) * STONES.length)] ?? "#3b4272");
}

const inWindow = (x: number, y: number, margin: number) => {
  const dx = x - WINDOW.x;
  if (y < WINDOW.sill - margin) return false;
  if (y < WINDOW.spring) return Math.abs(dx) < WINDOW.half + margin;
  return Math.hypot(dx, y - WINDOW.spring) < WINDOW.half + margin;
};
const inHearth = (x: number, y: number) => Math.abs(x - HEARTH.x) < HEARTH.half + 0.3 && y < 1.75;

export function backWall(): Piece[] {
  const pieces: Piece[] = [];
  const mortar = new Shape();
  mortar.moveTo(WALL.left, -0.2).lineTo(WALL.right, -0.2).lineTo(WALL.right, 5.6).lineTo(WALL.left, 5.6).closePath();
  const hole = new Path();
  hole.moveTo(WINDOW.x - WINDOW.half, WINDOW.sill);
  hole.lineTo(WINDOW.x + WINDOW.half, WINDOW.sill).lineTo(WINDOW.x + WINDOW.half, WINDOW.spring);
  hole.absarc(WINDOW.x, WINDOW.spring, WINDOW.half, 0, Math.PI, false);
  hole.closePath();
  mortar.holes.push(hole);
  pieces.push(new Piece(new ShapeGeometry(mortar, 20)).move(0, 0, WALL_Z).paint("#1d2144"));

  let seed = 0;
  for (let row = 0; row < 12; row++) {
    const height = 0.44;
    const y = row * height + height / 2;
    for (let x = WALL.left + chance(row * 7) * 0.5; x < WALL.right - 1.2; ) {
      // Seldom seen out there: few corners to be lit.
      const width = (0.5 + chance(++seed) * 0.45) * (Math.abs(x) < 5.6 ? 1 : 2);
      const middle = x + width / 2;
      x += width;
      // Stones that the arch cuts are left out; the arch's own stones cover the gap.
      const corners = [-1, 1].flatMap((sx) => [-1, 1].map((sy) => [middle + (sx * width) / 2, y + (sy * height) / 2]));
      if (corners.some(([cx = 0, cy = 0]) => inWindow(cx, cy, 0.12) || inHearth(cx, cy))) continue;
      pieces.push(
        stone(width - 0.025, height - 0.025, 0.1 + chance(seed + 5) * 0.05, seed).move(middle, y, WALL_Z + 0.04),
      );
    }
  }
  return [...pieces, ...windowFrame()];
}

function windowFrame(): Piece[] {
  const pieces: Piece[] = [];
  const steps = 9;
  for (let at = 0; at < steps; at++) {
    const angle = ((at + 0.5) / steps) * Math.PI;
    pieces.push(
      stone(0.26, ((WINDOW.half + 0.13) * Math.PI) / steps - 0.015, 0.22, at + 50)
        .move(WINDOW.half + 0.13, 0, 0)
        .turn(0, 0, angle)
        .move(WINDOW.x, WINDOW.spring, WALL_Z + 0.08),
    );
  }
  for (const side of [-1, 1]) {
    for (let at = 0; at < 3; at++) {
      const height = (WINDOW.spring - WINDOW.sill) / 3;
      pieces.push(
        stone(0.26, height - 0.015, 0.22, at * 3 + side + 70).move(
          WINDOW.x + side * (WINDOW.half + 0.13),
          WINDOW.sill + height * (at + 0.5),
          WALL_Z + 0.08,
        ),
      );
    }
  }
  pieces.push(
    box(WINDOW.half * 2 + 0.7, 0.14, 0.5)
      .move(WINDOW.x, WINDOW.sill - 0.07, WALL_Z + 0.2)
      .paint("#565a8c"),
    // Snow on the sill outside, and lead between the panes.
    box(WINDOW.half * 2, 0.09, 0.12)
      .move(WINDOW.x, WINDOW.sill + 0.04, WALL_Z - 0.1)
      .paint("#dfe8ff", 0.5),
    box(0.045, WINDOW.spring + WINDOW.half - WINDOW.sill, 0.05)
      .move(WINDOW.x, (WINDOW.spring + WINDOW.half + WINDOW.sill) / 2, WALL_Z - 0.02)
      .paint("#15183a"),
    ...[0.3, 0.66].map((part) =>
      box(WINDOW.half * 2, 0.045, 0.05)
        .move(WINDOW.x, WINDOW.sill + (WINDOW.spring + 0.3 - WINDOW.sill) * part * 1.1, WALL_Z - 0.02)
        .paint("#15183a"),
    ),
  );
  return pieces;
}

/** Wide boards from the back wall to the camera, darker where something stands on them. */
export function floor(footprints: readonly (readonly [x: number, z: number, radius: number])[]): Piece[] {
  const dark = (x: number, _y: number, z: number) =>
    footprints.reduce((f, [fx, fz, r]) => {
      const d = Math.hypot(x - fx, (z - fz) * 1.15) / r;
      return f * (d > 1.5 ? 1 : 0.3 + 0.7 * Math.min(1, Math.max(0, (d - 0.55) / 0.95)));
    }, 1);
  const pieces: Piece[] = [];
  for (let at = 0; WALL.left + at * 0.38 < WALL.right; at++) {
    const x = WALL.left + at * 0.38;
    // Where nothing stands no shadow is painted.
    const plank = new Piece(new BoxGeometry(0.37, 0.06, 9, 2, 1, Math.abs(x) < 5.4 ? 26 : 6));
    pieces.push(
      plank
        .move(x, -0.03 + (chance(at) - 0.5) * 0.012, 1.2)
        .paint(PLANKS[Math.floor(chance(at + 4) * PLANKS.length)] ?? "#4a3240", 0, dark),
    );
  }
  pieces.push(
    box(WALL.right - WALL.left, 0.02, 9)
      .move((WALL.left + WALL.right) / 2, -0.09, 1.2)
      .paint("#120d18"),
  );
  pieces.push(...rug(dark));
  return pieces;
}

function rug(dark: (x: number, y: number, z: number) => number): Piece[] {
  const disc = (radius: number, y: number, colour: string) =>
    rod(radius, radius, 0.015, 40).scale(1, 1, 0.62).move(0.1, y, 0.75).paint(colour, 0, dark);
  return [
    disc(2.3, 0.005, "#7a2f3c"),
    disc(2.1, 0.012, "#c98a45"),
    disc(2.03, 0.018, "#5d2136"),
    disc(1.5, 0.024, "#c98a45"),
    disc(1.45, 0.03, "#74303f"),
  ];
}

/** Beams under the roof, and what hangs from them. */
export function beams(): Piece[] {
  const pieces = [
    box(WALL.right - WALL.left, 0.34, 0.36, 1)
      .move((WALL.left + WALL.right) / 2, 4.28, -2.2)
      .paint("#3a2734"),
  ];
  for (const x of [-8.4, -5.9, -3.4, -0.9, 1.6, 4.1, 6.6, 9.1])
    pieces.push(box(0.3, 0.3, 6).move(x, 4.55, 0.4).paint("#342230"));
  for (const [x, colour, length] of [
    [-0.3, "#54704e", 0.42],
    [-0.02, "#7a6a3c", 0.36],
    [0.42, "#5d5a86", 0.4],
  ] as const) {
    pieces.push(rod(0.008, 0.008, 0.3, 5).move(x, 3.84, -2.05).paint("#a98a5c"));
    for (let at = 0; at < 7; at++) {
      const angle = at * 2.4;
      pieces.push(
        rod(0.006, 0.035, length * (0.75 + chance(at + x * 9) * 0.4), 5)
          .turn(Math.PI)
          .turn(Math.sin(angle) * 0.22, 0, Math.cos(angle) * 0.22)
          .move(x, 3.88, -2.05)
          .paint(colour, 0, (_x, y) => 0.6 + (3.9 - y)),
      );
    }
    pieces.push(
      ring(0.03, 0.012)
        .turn(Math.PI / 2)
        .move(x, 3.82, -2.05)
        .paint("#c9a25c"),
    );
  }
  return [...pieces, ...lantern()];
}

function lantern(): Piece[] {
  const { x, y, z } = LANTERN;
  return [
    rod(0.012, 0.012, 1.2, 6)
      .move(x, y + 0.25, z)
      .paint("#4d5680"),
    rod(0.02, 0.15, 0.14, 8)
      .move(x, y + 0.16, z)
      .paint("#4d5680"),
    rod(0.11, 0.09, 0.32, 8)
      .move(x, y - 0.16, z)
      .paint("#ffb65c", 0.95),
    ...[0, 1, 2, 3, 4, 5].map((at) =>
      rod(0.012, 0.012, 0.33, 4)
        .move(0.108, y - 0.165, 0)
        .turn(0, at * 1.05, 0)
        .move(x, 0, z)
        .paint("#3a3f66"),
    ),
    rod(0.13, 0.1, 0.05, 8)
      .move(x, y - 0.2, z)
      .paint("#4d5680"),
  ];
}
