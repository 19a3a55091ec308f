import { chance, type Piece, span } from "../paint/piece";
import { ball, box, lock, ring, rod, strand, turned, turnedSharp } from "../paint/shapes";
import { BALL, HEARTH, TABLE, WALL_Z } from "./places";

const WOOD = "#7a4f44";
const WOOD_DARK = "#5a3a3a";
const BRASS = "#d9a04e";

export function table(): Piece[] {
  const { top, half, deep, z } = TABLE;
  const pieces: Piece[] = [];
  // Four boards with rounded ends.
  for (let at = 0; at < 4; at++) {
    const wide = (deep * 2) / 4;
    pieces.push(
      box(half * 2 + chance(at) * 0.08, 0.1, wide - 0.012, 6)
        .move(0, top - 0.05, z - deep + wide * (at + 0.5))
        .paint(at % 2 ? "#7d5146" : "#86584b"),
    );
  }
  pieces.push(
    box(half * 1.86, 0.16, deep * 1.7, 4)
      .move(0, top - 0.19, z)
      .paint(WOOD_DARK),
  );
  for (const [x, dz] of [
    [-1.36, -0.42],
    [1.36, -0.42],
    [-1.36, 0.42],
    [1.36, 0.42],
  ] as const) {
    pieces.push(
      turned(
        [
          [0.07, 0],
          [0.1, 0.06],
          [0.06, 0.14],
          [0.11, 0.4],
          [0.07, 0.62],
          [0.1, 0.74],
          [0.1, 0.86],
        ],
        12,
      )
        .move(x, 0, z + dz)
        .paint(WOOD_DARK),
    );
  }
  // A runner of cloth that hangs over the front.
  pieces.push(
    box(0.92, 0.012, deep * 2 + 0.03, 3)
      .move(BALL.x, top + 0.006, z)
      .paint("#2d3a86"),
    box(0.92, 0.44, 0.014, 3)
      .move(BALL.x, top - 0.21, z + deep + 0.014)
      .paint("#2d3a86"),
    box(0.92, 0.035, 0.018)
      .move(BALL.x, top - 0.37, z + deep + 0.018)
      .paint(BRASS, 0.15),
    ...[-3, -2, -1, 0, 1, 2, 3].map((at) =>
      rod(0.004, 0.018, 0.08, 6)
        .move(BALL.x + at * 0.135, top - 0.5, z + deep + 0.016)
        .paint(BRASS, 0.15),
    ),
  );
  return [...pieces, ...onTheTable()];
}

function onTheTable(): Piece[] {
  const y = TABLE.top;
  return [
    // The ball's foot: three claws and a ring.
    turnedSharp([
      [0.2, 0],
      [0.2, 0.03],
      [0.09, 0.05],
      [0.06, 0.1],
      [0.13, 0.15],
    ])
      .move(BALL.x, y, BALL.z)
      .paint(BRASS),
    ring(0.17, 0.022)
      .turn(Math.PI / 2)
      .move(BALL.x, y + 0.16, BALL.z)
      .paint(BRASS, 0.1),
    ...[0, 1, 2].map((at) =>
      lock(
        [
          [0.1, 0.08, 0],
          [0.24, 0.14, 0],
          [0.26, 0.24, 0],
          [0.24, 0.32, 0],
        ],
        0.03,
        1,
      )
        .turn(0, at * 2.09 + 0.5, 0)
        .move(BALL.x, y, BALL.z)
        .paint(BRASS),
    ),
    // Candle with run wax.
    rod(0.13, 0.15, 0.025, 14).move(-0.62, y, 0.42).paint(BRASS),
    rod(0.055, 0.065, 0.3, 10)
      .move(-0.62, y + 0.02, 0.42)
      .paint("#f0e2c4", 0.25),
    ball(0.068, 9)
      .scale(1, 0.5, 1)
      .move(-0.62, y + 0.05, 0.42)
      .paint("#f0e2c4", 0.1),
    ...[0.4, 2.2, 4.1].map((angle, at) =>
      lock(
        [
          [0.05, 0.3, 0],
          [0.066, 0.2, 0],
          [0.06, 0.12 - at * 0.02, 0],
        ],
        0.018,
        1,
      )
        .turn(0, angle, 0)
        .move(-0.62, y + 0.02, 0.42)
        .paint("#f7ead0", 0.25),
    ),
    rod(0.004, 0.004, 0.05, 4)
      .move(-0.62, y + 0.31, 0.42)
      .paint("#2a2140"),
    // The books that alpha sits on.
    ...book(0.5, 0.13, 0.42, "#7a3644").map((p) => p.turn(0, 0.12, 0).move(-1.12, y + 0.065, 0.1)),
    ...book(0.44, 0.12, 0.38, "#2f6a6c").map((p) => p.turn(0, -0.2, 0).move(-1.1, y + 0.19, 0.1)),
    ...book(0.4, 0.1, 0.34, "#6a5590").map((p) => p.turn(0, 0.06, 0).move(-1.13, y + 0.3, 0.1)),
    // An open book before Timmy, and a quill in its ink.
    ...[-1, 1].map((side) =>
      box(0.27, 0.03, 0.36, 4)
        .bend((c) => {
          c.y += 0.035 * Math.sin((c.x * side * 10 + 1.35) * 1.1);
        })
        .turn(0.12, 0, 0)
        .move(-0.12 + side * 0.135, y + 0.04, 0.4)
        .paint("#efe2c2"),
    ),
    box(0.58, 0.02, 0.4)
      .move(-0.12, y + 0.012, 0.4)
      .paint("#5d2136"),
    ...[0, 1, 2, 3, 4].flatMap((line) =>
      [-1, 1].map((side) =>
        box(0.17 - chance(line + side * 3) * 0.05, 0.004, 0.01)
          .turn(0.12, 0, 0)
          .move(-0.12 + side * 0.135, y + 0.083 - line * 0.0065, 0.29 + line * 0.055)
          .paint("#7d6a62"),
      ),
    ),
    turned(
      [
        [0.07, 0],
        [0.085, 0.03],
        [0.075, 0.08],
        [0.03, 0.1],
        [0.038, 0.12],
      ],
      12,
    )
      .move(0.27, y, 0.5)
      .paint("#30406e"),
    strand(
      [
        [0.27, y + 0.1, 0.5],
        [0.31, y + 0.25, 0.5],
        [0.4, y + 0.42, 0.47],
      ],
      0.03,
      (t) => (t < 0.25 ? 0.15 : Math.sin((t - 0.2) * 3.6) + 0.1),
    ).paint("#f3e9d2", 0.1),
  ];
}

/** Lies flat; its middle is the origin. */
function book(width: number, height: number, depth: number, colour: string): Piece[] {
  return [
    box(width, 0.016, depth)
      .move(0, height / 2 - 0.008, 0)
      .paint(colour),
    box(width, 0.016, depth)
      .move(0, -height / 2 + 0.008, 0)
      .paint(colour),
    box(width * 0.94, height - 0.02, depth * 0.92)
      .move(0.01, 0, -0.005)
      .paint("#e8dcc0"),
    rod(height / 2, height / 2, depth, 10)
      .turn(Math.PI / 2)
      .scale(0.5, 1, 1)
      .move(-width / 2 + 0.01, 0, -depth / 2)
      .paint(colour),
    ...[-0.3, 0.3].map((z) =>
      box(0.02, height + 0.01, 0.03)
        .move(-width / 2 - 0.015, 0, z * depth)
        .paint(BRASS),
    ),
  ];
}

const SPINES = ["#7a3644", "#2f6a6c", "#6a5590", "#a0703c", "#34508a", "#5f7a4a", "#8a4a3a", "#405a78"];
const POTIONS = ["#6fe3cf", "#ff8f5c", "#b98cff", "#ffd067", "#7fd06a", "#ff7a9b"];

/** A board at the wall with books and bottles on it. */
export function shelf(x: number, y: number, width: number, seed: number): Piece[] {
  const z = WALL_Z + 0.32;
  const pieces = [box(width, 0.07, 0.42, 3).move(x, y, z).paint(WOOD)];
  for (const side of [-1, 1])
    pieces.push(
      box(0.07, 0.24, 0.3)
        .bend((c) => {
          if (c.y < 0) c.z -= c.z > 0 ? 0.22 : 0;
        })
        .move(x + side * width * 0.4, y - 0.15, z)
        .paint(WOOD_DARK),
    );
  let at = x - width / 2 + 0.06;
  for (let n = seed; at < x + width / 2 - 0.16; n++) {
    if (chance(n * 3.3) > 0.42) {
      const thick = 0.06 + chance(n) * 0.055;
      const tall = 0.28 + chance(n + 0.5) * 0.17;
      const lean = chance(n * 5.1) > 0.8 ? -0.16 : 0;
      const colour = SPINES[Math.floor(chance(n + 2.2) * SPINES.length)] ?? WOOD;
      pieces.push(
        box(thick, tall, 0.26)
          .turn(0, 0, lean)
          .move(at + thick / 2, y + 0.035 + tall / 2, z + 0.02)
          .paint(colour),
        box(thick + 0.006, 0.022, 0.265)
          .turn(0, 0, lean)
          .move(at + thick / 2, y + 0.035 + tall * 0.78, z + 0.02)
          .paint(BRASS, 0.05),
      );
      at += thick + 0.012 + (lean ? 0.05 : 0);
    } else {
      const size = 0.8 + chance(n) * 0.45;
      const colour = POTIONS[Math.floor(chance(n + 7.7) * POTIONS.length)] ?? "#6fe3cf";
      const tall = chance(n * 2.2) > 0.5;
      pieces.push(...bottle(size, tall, colour).map((p) => p.move(at + 0.1 * size, y + 0.035, z + 0.05)));
      at += 0.22 * size;
    }
  }
  return pieces;
}

function bottle(size: number, tall: boolean, colour: string): Piece[] {
  const body = tall
    ? turned(
        [
          [0.001, 0],
          [0.06, 0.005],
          [0.065, 0.16],
          [0.028, 0.22],
          [0.026, 0.3],
        ],
        12,
      )
    : turned(
        [
          [0.001, 0],
          [0.07, 0.01],
          [0.1, 0.09],
          [0.07, 0.16],
          [0.026, 0.19],
          [0.026, 0.25],
        ],
        12,
      );
  const top = tall ? 0.3 : 0.25;
  return [
    body.scale(size).paint(colour, 0.3, (_x, y) => 0.7 + y * 1.6),
    rod(0.024, 0.02, 0.05, 7)
      .scale(size)
      .move(0, top * size, 0)
      .paint("#a97c50"),
    ring(0.028, 0.008)
      .turn(Math.PI / 2)
      .scale(size)
      .move(0, top * size * 0.92, 0)
      .paint("#e8dcc0"),
  ];
}

/** The fireplace: stones round an arch, a mantel with a clock and a skull of a mouse's size, logs. Flames are apart. */
export function hearth(): Piece[] {
  const { x, half } = HEARTH;
  const z = WALL_Z + 0.35;
  const pieces: Piece[] = [
    box(half * 2, 1.5, 0.1)
      .move(x, 0.7, WALL_Z + 0.02)
      .paint("#1a0f14"),
    box(half * 2 + 0.5, 0.1, 1.0)
      .move(x, 0.05, z + 0.2)
      .paint("#4a4a72"),
    box(half * 2 + 0.85, 0.13, 0.72, 4)
      .move(x, 1.86, z)
      .paint(WOOD),
    box(half * 2 + 0.6, 0.08, 0.6)
      .move(x, 1.76, z)
      .paint(WOOD_DARK),
    // The hood, up to the roof.
    box(half * 1.9, 2.6, 0.5, 3)
      .bend((c) => {
        c.x *= 1 - (c.y + 1.3) * 0.12;
        c.z -= c.z > 0 ? (c.y + 1.3) * 0.1 : 0;
      })
      .move(x, 3.2, z - 0.1)
      .paint("#343a68"),
  ];
  const stones = ["#4a4c7c", "#424474", "#52527f", "#3d4070"];
  for (const side of [-1, 1])
    for (let row = 0; row < 3; row++)
      pieces.push(
        box(0.34, 0.33, 0.62)
          .bend((c) => {
            c.x *= 0.96 + (c.z > 0 ? -0.08 : 0);
          })
          .move(x + side * (half + 0.02), 0.27 + row * 0.35, z)
          .paint(stones[(row + side + 4) % 4] ?? "#424474"),
      );
  for (let at = 0; at < 7; at++) {
    const angle = ((at + 0.5) / 7) * Math.PI;
    pieces.push(
      box(0.32, 0.29, 0.62)
        .bend((c) => {
          c.y *= c.x > 0 ? 1.25 : 0.92;
        })
        .move(half + 0.02, 0, 0)
        .turn(0, 0, angle)
        .scale(1, 0.72, 1)
        .move(x, 1.08, z)
        .paint(stones[at % 4] ?? "#424474"),
    );
  }
  for (const [dx, dz, turn, lift] of [
    [-0.08, 0.1, 0.5, 0.16],
    [0.12, 0.08, -0.6, 0.17],
    [0, 0.2, 1.5, 0.28],
  ] as const)
    pieces.push(
      rod(0.075, 0.085, 0.72, 8)
        .move(0, -0.36, 0)
        .turn(0, 0, Math.PI / 2)
        .turn(0, turn, 0)
        .move(x + dx, lift, z + dz)
        .paint("#5a2f22", 0.1),
    );
  for (let at = 0; at < 12; at++)
    pieces.push(
      ball(0.05 + chance(at) * 0.035, 6)
        .scale(1, 0.7, 1)
        .move(x + (chance(at + 2) - 0.5) * 0.9, 0.12, z + (chance(at + 5) - 0.3) * 0.5)
        .paint(at % 3 ? "#ff6a26" : "#4a2a2a", at % 3 ? 0.9 : 0),
    );
  return [...pieces, ...onTheMantel(x, z)];
}

function onTheMantel(x: number, z: number): Piece[] {
  const y = 1.93;
  return [
    // An hourglass.
    ...[0, 0.34].map((dy) =>
      rod(0.11, 0.11, 0.03, 12)
        .move(x - 0.45, y + dy, z + 0.1)
        .paint(BRASS),
    ),
    turned([
      [0.085, 0.03],
      [0.08, 0.1],
      [0.015, 0.185],
      [0.08, 0.27],
      [0.085, 0.34],
    ])
      .move(x - 0.45, y, z + 0.1)
      .paint("#9fc4d8", 0.15),
    turnedSharp([
      [0.075, 0.03],
      [0.06, 0.07],
      [0.001, 0.13],
    ])
      .move(x - 0.45, y, z + 0.1)
      .paint("#ffc46a", 0.4),
    // A pot with a small tree.
    turnedSharp([
      [0.09, 0],
      [0.13, 0.18],
      [0.15, 0.18],
      [0.15, 0.22],
    ])
      .move(x + 0.42, y, z + 0.1)
      .paint("#a3553c"),
    strand(
      [
        [x + 0.42, y + 0.2, z + 0.1],
        [x + 0.39, y + 0.35, z + 0.1],
        [x + 0.46, y + 0.5, z + 0.1],
      ],
      0.022,
    ).paint("#6a4636"),
    ...[
      [0.0, 0.56, 0.16],
      [0.14, 0.5, 0.11],
      [-0.13, 0.46, 0.12],
    ].map(([dx = 0, dy = 0, r = 0.1]) =>
      ball(r, 10)
        .scale(1, 0.7, 1)
        .move(x + 0.44 + dx, y + dy, z + 0.1)
        .paint("#5f8a58"),
    ),
    // A row of small candles, burnt down to different heights.
    ...[0.0, 0.12].flatMap((dx, at) => [
      rod(0.035, 0.04, 0.14 - at * 0.06, 8)
        .move(x + dx - 0.06, y, z + 0.16)
        .paint("#f0e2c4", 0.2),
      ball(0.022, 7)
        .scale(1, 1.9, 1)
        .move(x + dx - 0.06, y + 0.19 - at * 0.06, z + 0.16)
        .paint("#ffc86a", 1),
    ]),
  ];
}

/** Beta's block of wood with its anvil, a barrel, delta's chest, firewood: what stands on the floor. */
export function onTheFloor(): Piece[] {
  const pieces: Piece[] = [
    // Beta's anvil on its block.
    turnedSharp(
      [
        [0.3, 0],
        [0.3, 0.36],
        [0.27, 0.38],
      ],
      12,
    )
      .move(-1.45, 0, 1.12)
      .paint("#6a4636"),
    rod(0.27, 0.27, 0.01, 12).move(-1.45, 0.376, 1.12).paint("#a3785a"),
    box(0.3, 0.1, 0.2).move(-1.45, 0.43, 1.12).paint("#4d5680"),
    box(0.16, 0.1, 0.14).move(-1.45, 0.52, 1.12).paint("#4d5680"),
    box(0.52, 0.12, 0.22, 3)
      .bend((c) => {
        if (c.x > 0.1) {
          c.z *= 1 - (c.x - 0.1) * 3.6;
          c.y *= 1 - (c.x - 0.1) * 1.4;
        }
      })
      .move(-1.43, 0.62, 1.12)
      .paint("#5d6794"),
    // A chest that overflows a little, behind delta.
    box(0.8, 0.42, 0.52, 2).move(2.75, 0.21, -0.35).paint(WOOD),
    rod(0.26, 0.26, 0.8, 14)
      .turn(0, 0, Math.PI / 2)
      .move(0.4, 0, 0)
      .scale(1, 0.8, 1)
      .turn(-0.5, 0, 0)
      .move(2.75, 0.5, -0.48)
      .paint(WOOD_DARK),
    ...[-0.34, 0, 0.34].map((dx) =>
      box(0.06, 0.44, 0.54)
        .move(2.75 + dx, 0.21, -0.345)
        .paint(BRASS),
    ),
    ...[...Array(16).keys()].map((at) =>
      rod(0.06, 0.06, 0.018, 10)
        .turn(chance(at) * 0.8 - 0.4, 0, chance(at + 2) * 0.8 - 0.4)
        .move(2.45 + chance(at + 4) * 0.6, 0.42 + chance(at + 8) * 0.05, -0.25 + chance(at + 6) * 0.15)
        .paint("#ffc257", 0.25),
    ),
    // A barrel with rolled plans.
    turned(
      [
        [0.24, 0],
        [0.3, 0.16],
        [0.32, 0.36],
        [0.3, 0.56],
        [0.25, 0.72],
      ],
      16,
    )
      .move(-3.55, 0, -0.2)
      .paint(WOOD),
    ...[0.14, 0.58].map((y) =>
      ring(0.305, 0.022)
        .turn(Math.PI / 2)
        .move(-3.55, y, -0.2)
        .paint("#5d6794"),
    ),
    ...[0, 1, 2].map((at) =>
      span(
        rod(0.05, 0.05, 1, 9),
        [-3.55 + at * 0.1 - 0.1, 0.5, -0.2],
        [-3.7 + at * 0.2, 1.25 + chance(at) * 0.2, -0.3 + at * 0.06],
      ).paint("#e3d3ae"),
    ),
    // Firewood.
    ...[0, 1, 2, 3, 4, 5].map((at) =>
      rod(0.1, 0.1, 0.55, 9)
        .turn(Math.PI / 2)
        .move(-1.72 + (at % 3) * 0.2 + (at > 2 ? 0.1 : 0), 0.1 + (at > 2 ? 0.18 : 0), -2.5)
        .paint(at % 2 ? "#7a5140" : "#6a4438"),
    ),
    ...book(0.44, 0.12, 0.34, "#34508a").map((p) => p.turn(0, 0.5, 0).move(-0.75, 0.06, 1.2)),
    ...book(0.38, 0.1, 0.3, "#a0703c").map((p) => p.turn(0, 0.1, 0).move(-0.76, 0.17, 1.2)),
  ];
  return pieces;
}
