import { useFrame } from "@react-three/fiber";
import { useMemo, useRef } from "react";
import type { Group } from "three";
import { join, type Piece } from "../paint/piece";
import { ball, box, lock, ring, rod, strand, turned, turnedSharp } from "../paint/shapes";
import { STANDS } from "../room/places";
import { useStage } from "../stage";
import { blink, eyes, SKIN } from "./face";
import { Part } from "./part";

const COAT = "#8f3350";
const VEST = "#d79a3e";
const FUR = "#efe4d2";
const GOLD = "#ffc257";

/** Stout as a pear, in a coat with fur, a purse at the belt. */
function body(): Piece[] {
  return [
    turned(
      [
        [0.3, 0.1],
        [0.44, 0.28],
        [0.47, 0.5],
        [0.38, 0.78],
        [0.24, 0.98],
        [0.1, 1.04],
      ],
      26,
    )
      .scale(1, 1, 0.9)
      .paint(COAT),
    turned(
      [
        [0.2, 0.14],
        [0.34, 0.3],
        [0.375, 0.5],
        [0.3, 0.74],
        [0.12, 0.92],
      ],
      20,
    )
      .scale(0.82, 1, 0.82)
      .move(0, 0, 0.135)
      .paint(VEST),
    ...[0.4, 0.52, 0.64, 0.76].map((y) =>
      ball(0.022, 8)
        .move(0, y, 0.445 - Math.abs(y - 0.48) * 0.3)
        .paint("#fff0c8", 0.3),
    ),
    ...[-1, 1].map((side) =>
      strand(
        [
          [side * 0.1, 0.95, 0.2],
          [side * 0.24, 0.7, 0.34],
          [side * 0.27, 0.45, 0.36],
          [side * 0.2, 0.18, 0.33],
        ],
        0.05,
        (t) => 1.1 + Math.sin(t * 60) * 0.14,
      ).paint(FUR),
    ),
    // A collar of fur all round, the chain of office.
    ring(0.2, 0.085)
      .turn(Math.PI / 2)
      .move(0, 0.98, 0)
      .paint(FUR),
    strand(
      [
        [-0.2, 0.92, 0.18],
        [-0.12, 0.72, 0.37],
        [0, 0.66, 0.42],
        [0.12, 0.72, 0.37],
        [0.2, 0.92, 0.18],
      ],
      0.02,
      (t) => 1 + Math.sin(t * 90) * 0.4,
    ).paint(GOLD, 0.25),
    rod(0.06, 0.06, 0.02, 14)
      .turn(Math.PI / 2)
      .move(0, 0.64, 0.42)
      .paint(GOLD, 0.4),
    // The purse.
    turned([
      [0.001, 0],
      [0.1, 0.02],
      [0.12, 0.1],
      [0.04, 0.19],
      [0.07, 0.25],
    ])
      .move(-0.36, 0.26, 0.28)
      .paint("#6a4636"),
    ring(0.045, 0.014)
      .turn(Math.PI / 2)
      .move(-0.36, 0.45, 0.28)
      .paint(GOLD, 0.2),
    ...[-1, 1].map((side) =>
      ball(0.12, 12)
        .scale(1, 0.62, 1.5)
        .move(side * 0.17, 0.07, 0.1)
        .paint("#6a4250"),
    ),
  ];
}

function head(): Piece[] {
  return [
    ball(0.25, 20).scale(1.04, 1, 0.94).paint(SKIN),
    ball(0.17, 16).scale(1.15, 0.7, 0.9).move(0, -0.17, 0.06).paint(SKIN),
    ball(0.06, 12).scale(1, 0.9, 1.2).move(0, -0.015, 0.255).paint("#e5927a"),
    ...[-1, 1].flatMap((side) => [
      ball(0.095, 12)
        .move(side * 0.14, -0.07, 0.155)
        .paint("#ea8f78"),
      ball(0.065, 10)
        .scale(0.5, 1, 0.8)
        .move(side * 0.255, -0.01, 0)
        .paint(SKIN),
      lock(
        [
          [side * 0.045, 0.11, 0.235],
          [side * 0.11, 0.145, 0.215],
          [side * 0.18, 0.12, 0.17],
        ],
        0.018,
        1,
      ).paint("#6a4250"),
      // A thin moustache, waxed.
      lock(
        [
          [side * 0.01, -0.095, 0.262],
          [side * 0.1, -0.115, 0.262],
          [side * 0.19, -0.07, 0.23],
          [side * 0.215, -0.01, 0.225],
        ],
        0.026,
        1,
      ).paint("#6a4250"),
      // Side-whiskers.
      ball(0.055, 10)
        .scale(0.5, 1.3, 0.9)
        .move(side * 0.245, -0.06, 0.05)
        .paint("#6a4250"),
    ]),
    strand(
      [
        [-0.075, -0.135, 0.222],
        [0, -0.165, 0.24],
        [0.075, -0.135, 0.222],
      ],
      0.014,
    ).paint("#a8463f"),
    // A monocle on a cord.
    ring(0.064, 0.012, Math.PI * 2, 18)
      .move(0.1, 0.045, 0.25)
      .paint(GOLD, 0.5),
    strand(
      [
        [0.16, 0.02, 0.25],
        [0.23, -0.15, 0.22],
        [0.2, -0.3, 0.2],
      ],
      0.006,
    ).paint(GOLD, 0.3),
    // A wide soft cap with a feather.
    turnedSharp(
      [
        [0.2, 0.12],
        [0.27, 0.13],
        [0.27, 0.19],
        [0.2, 0.2],
      ],
      22,
    ).paint("#5d2136"),
    ball(0.3, 20).scale(1.12, 0.42, 1.02).turn(0, 0, 0.16).move(-0.03, 0.235, -0.02).paint(COAT),
    strand(
      [
        [0.2, 0.2, 0.12],
        [0.32, 0.42, 0.06],
        [0.26, 0.62, -0.04],
        [0.12, 0.7, -0.1],
      ],
      0.045,
      (t) => Math.sin(Math.min(1, t + 0.12) * 3) + 0.08,
    ).paint("#6fe3cf", 0.12),
    ball(0.035, 9).move(0.2, 0.2, 0.14).paint(GOLD, 0.5),
  ];
}

const arm = (side: number) => [
  strand(
    [
      [0, 0, 0],
      [side * 0.15, -0.2, 0.06],
      [side * 0.07, -0.28, 0.26],
    ],
    0.092,
    (t) => 1.05 + t * 0.15,
  ).paint(COAT),
  ring(0.09, 0.04)
    .turn(0.25, side * 0.3)
    .move(side * 0.07, -0.28, 0.26)
    .paint(FUR),
  ball(0.078, 12)
    .move(side * 0.05, -0.29, 0.33)
    .paint(SKIN),
];

const coin = (y: number, x: number) => rod(0.062, 0.062, 0.018, 14).move(x, y, 0).paint(GOLD, 0.35);

/** Delta, the treasurer: counts a stack, and when money moves tosses it into the jar. */
export function Delta() {
  const stage = useStage();
  const shapes = useMemo(
    () => ({
      body: join(body()),
      head: join(head()),
      eyes: join(eyes(0.19, 0.032, 0.218)),
      left: join(arm(-1)),
      right: join([
        ...arm(1),
        box(0.2, 0.02, 0.2).move(0.05, -0.23, 0.36).paint("#6a4636"),
        ...[0, 1, 2, 3, 4].map((n) => coin(-0.22 + n * 0.02, 0.05 + (n % 2) * 0.006).move(0, 0, 0.36)),
      ]),
      coin: join([coin(0, 0)]),
    }),
    [],
  );
  const all = useRef<Group>(null);
  const headRef = useRef<Group>(null);
  const lids = useRef<Group>(null);
  const left = useRef<Group>(null);
  const right = useRef<Group>(null);
  const tossed = useRef<Group>(null);

  useFrame(() => {
    const { mood, time, still } = stage;
    const work = mood.delta;
    const t = still ? 0 : time;
    const count = Math.sin(t * 2.2);
    if (all.current) {
      all.current.rotation.set(0, -0.42, Math.sin(t * 0.8) * 0.015);
      all.current.position.y = work * Math.abs(Math.sin(t * 3.4)) * 0.035;
    }
    headRef.current?.rotation.set(
      0.2 * (1 - work) + count * 0.025,
      0.12 + Math.sin(t * 0.4) * 0.12 - work * 0.35,
      0.05,
    );
    blink(lids.current, t * 0.9, 0.5, still);
    left.current?.rotation.set(-0.3 + count * 0.09 * (1 - work) - work * (0.75 + Math.sin(t * 6.8) * 0.5), 0.6, 0);
    right.current?.rotation.set(-0.28 + work * -0.12, -0.25, 0);
    if (!tossed.current) return;
    // Idle: a coin is flipped between the hands. At work: thrown towards the jar.
    const flight = (t * (0.55 + work * 0.55)) % 1;
    tossed.current.visible = !still;
    tossed.current.position.set(
      -0.14 + flight * (0.26 - work * 0.79),
      0.62 + Math.sin(flight * Math.PI) * (0.22 + work * 0.5) + work * flight * 0.72,
      0.42 - work * flight * 0.21,
    );
    tossed.current.rotation.x = flight * 12;
  });

  return (
    <Part at={STANDS.delta.at} hold={all}>
      <Part shape={shapes.body} />
      <Part shape={shapes.left} at={[-0.34, 0.84, 0.06]} hold={left} />
      <Part shape={shapes.right} at={[0.34, 0.84, 0.06]} hold={right} />
      <Part shape={shapes.head} at={[0, 1.2, 0.05]} hold={headRef}>
        <Part shape={shapes.eyes} at={[0, 0.045, 0]} hold={lids} />
      </Part>
      <Part shape={shapes.coin} hold={tossed} />
    </Part>
  );
}
