import { useFrame } from "@react-three/fiber";
import { useMemo, useRef } from "react";
import type { Group } from "three";
import { join, type Piece } from "../paint/piece";
import { ball, lock, ring, rod, turned, turnedSharp } from "../paint/shapes";
import { STANDS, TABLE } from "../room/places";
import { useStage } from "../stage";
import { blink } from "./face";
import { Part } from "./part";

const FEATHER = "#7a6aa8";
const DARK = "#5a4b86";
const CREAM = "#e9d9bd";
const AMBER = "#ffb648";
const BRASS = "#e0ab55";

function body(): Piece[] {
  return [
    turned(
      [
        [0.001, 0],
        [0.14, 0.02],
        [0.2, 0.14],
        [0.19, 0.28],
        [0.14, 0.38],
      ],
      20,
    )
      .scale(1, 1, 0.9)
      .paint(FEATHER),
    ball(0.165, 16).scale(0.9, 1.12, 0.6).move(0, 0.17, 0.105).paint(CREAM),
    // Rows of feathers on the breast.
    ...[0, 1, 2].flatMap((row) =>
      Array.from({ length: 3 + (row % 2) }, (_, at) => {
        const x = (at - (2 + (row % 2)) / 2) * 0.07;
        return lock(
          [
            [x, 0.26 - row * 0.065, 0.198 - Math.abs(x) * 0.45],
            [x, 0.235 - row * 0.065, 0.212 - Math.abs(x) * 0.45],
            [x, 0.205 - row * 0.065, 0.2 - Math.abs(x) * 0.45],
          ],
          0.026,
          1.2,
        ).paint("#c7a783");
      }),
    ),
    // Feet over the edge of the book.
    ...[-1, 1].flatMap((side) =>
      [-1, 0, 1].map((toe) =>
        lock(
          [
            [side * 0.075, 0.03, 0.12],
            [side * 0.075 + toe * 0.03, 0.025, 0.19],
            [side * 0.075 + toe * 0.036, -0.01, 0.215],
          ],
          0.02,
          1.2,
        ).paint(AMBER),
      ),
    ),
    // A judge's collar: two white bands.
    ...[-1, 1].map((side) =>
      lock(
        [
          [side * 0.01, 0.37, 0.17],
          [side * 0.035, 0.31, 0.215],
          [side * 0.05, 0.22, 0.22],
        ],
        0.034,
        1.4,
      ).paint("#ffffff"),
    ),
  ];
}

/** A head nearly as wide as the body, and on it a judge's wig that is a little too large. */
function head(): Piece[] {
  return [
    ball(0.21, 20).scale(1.08, 0.86, 0.92).paint(FEATHER),
    ...[-1, 1].flatMap((side) => [
      ball(0.115, 16)
        .scale(1, 1, 0.5)
        .move(side * 0.096, 0.0, 0.145)
        .paint(CREAM),
      ring(0.103, 0.016, Math.PI * 2, 18)
        .move(side * 0.096, 0.0, 0.18)
        .paint("#b89a7c"),
      // Tufts.
      lock(
        [
          [side * 0.13, 0.1, 0.08],
          [side * 0.21, 0.19, 0.06],
          [side * 0.27, 0.27, 0.03],
        ],
        0.05,
        1,
      ).paint(DARK),
      // Stern brows.
      lock(
        [
          [side * 0.02, 0.045, 0.235],
          [side * 0.11, 0.105, 0.21],
          [side * 0.2, 0.145, 0.13],
        ],
        0.028,
        1,
      ).paint(DARK),
      // Curls that hang from the wig.
      ...[0, 1, 2].map((n) =>
        ring(0.042, 0.026, Math.PI * 2, 10)
          .turn(0, Math.PI / 2 - side * 0.2, 0)
          .move(side * 0.225, 0.05 - n * 0.085, -0.01 - n * 0.012)
          .paint(n % 2 ? "#f4efe6" : "#e2dbd6"),
      ),
    ]),
    turnedSharp([
      [0.03, 0.03],
      [0.026, -0.02],
      [0, -0.085],
    ])
      .scale(1, 1, 1.2)
      .turn(0.18)
      .move(0, -0.015, 0.235)
      .paint(AMBER),
    ball(0.2, 18).scale(1, 0.55, 0.98).move(0, 0.115, -0.02).paint("#f4efe6"),
    ...[-2, -1, 0, 1, 2].map((n) =>
      ring(0.034, 0.024, Math.PI * 2, 10)
        .turn(0, n * 0.35, 0)
        .move(n * 0.072, 0.155 - Math.abs(n) * 0.014, 0.135 - Math.abs(n) * 0.026)
        .paint(n % 2 ? "#e2dbd6" : "#f4efe6"),
    ),
  ];
}

const irises = () =>
  [-1, 1].flatMap((side) => [
    ball(0.068, 14)
      .scale(1, 1, 0.4)
      .move(side * 0.096, 0, 0.195)
      .paint(AMBER, 0.35),
    ball(0.04, 12)
      .scale(1, 1, 0.5)
      .move(side * 0.092, 0, 0.212)
      .paint("#1a1430"),
    ball(0.014, 7)
      .move(side * 0.092 - 0.014, 0.018, 0.234)
      .paint("#fff6e0", 1),
  ]);

/** The light in the eyes while something is judged. */
const gleam = () =>
  [-1, 1].map((side) =>
    ring(0.058, 0.017, Math.PI * 2, 16)
      .move(side * 0.096, 0, 0.214)
      .paint("#ffe27a", 1),
  );

const wing = (side: number) => [
  ball(0.16, 14)
    .scale(0.42, 1.25, 0.8)
    .move(side * 0.02, -0.14, 0)
    .paint(DARK),
  ...[0, 1, 2].map((n) =>
    lock(
      [
        [side * 0.055, -0.08, 0.06 - n * 0.055],
        [side * 0.07, -0.2, 0.05 - n * 0.06],
        [side * 0.03, -0.34 + n * 0.02, 0.03 - n * 0.065],
      ],
      0.042,
      1,
    ).paint(n % 2 ? FEATHER : "#6a5a98"),
  ),
];

const post = () => [
  turned([
    [0.12, 0],
    [0.12, 0.02],
    [0.03, 0.05],
    [0.022, 0.2],
    [0.03, 0.26],
    [0.018, 0.3],
    [0.018, 0.5],
  ]).paint(BRASS),
  ball(0.032, 10).move(0, 0.52, 0).paint(BRASS, 0.1),
];

const beam = () => [
  lock(
    [
      [-0.24, 0.0, 0],
      [-0.12, 0.03, 0],
      [0, 0.005, 0],
    ],
    0.018,
    1.4,
  ).paint(BRASS),
  rod(0.012, 0.012, 0.46, 7)
    .turn(0, 0, Math.PI / 2)
    .move(0.23, 0, 0)
    .paint(BRASS),
];

const pan = (holds: string) => [
  ...[0, 1, 2].map((n) =>
    lock(
      [
        [0, 0, 0],
        [Math.sin(n * 2.1) * 0.05, -0.09, Math.cos(n * 2.1) * 0.05],
        [Math.sin(n * 2.1) * 0.095, -0.18, Math.cos(n * 2.1) * 0.095],
        [Math.sin(n * 2.1) * 0.1, -0.19, Math.cos(n * 2.1) * 0.1],
      ],
      0.006,
      2,
    ).paint(BRASS),
  ),
  turnedSharp([
    [0.001, -0.225],
    [0.06, -0.22],
    [0.108, -0.185],
  ]).paint(BRASS, 0.05),
  ball(0.05, 9)
    .scale(1, 0.7, 1)
    .move(0, -0.19, 0)
    .paint(holds, holds === "#f3e9d2" ? 0 : 0.5),
];

/** Alpha, the judge: an owl on three books, and the scales before it. */
export function Alpha() {
  const stage = useStage();
  const shapes = useMemo(
    () => ({
      body: join(body()),
      head: join(head()),
      irises: join(irises()),
      gleam: join(gleam()),
      left: join(wing(-1)),
      right: join(wing(1)),
      post: join(post()),
      beam: join(beam()),
      feather: join(pan("#f3e9d2")),
      coin: join(pan("#ffc257")),
    }),
    [],
  );
  const all = useRef<Group>(null);
  const headRef = useRef<Group>(null);
  const lids = useRef<Group>(null);
  const shine = useRef<Group>(null);
  const left = useRef<Group>(null);
  const right = useRef<Group>(null);
  const beamRef = useRef<Group>(null);
  const pans = [useRef<Group>(null), useRef<Group>(null)] as const;

  useFrame(() => {
    const { mood, time, still } = stage;
    const work = mood.alpha;
    const t = still ? 0 : time;
    if (all.current) all.current.rotation.z = Math.sin(t * 0.9) * 0.035;
    if (headRef.current) {
      // An owl turns its head in jerks, and tilts it when it weighs something.
      const glance = Math.tanh(Math.sin(t * 0.37 + 2) * 6) * 0.45 * (1 - work);
      headRef.current.rotation.set(
        work * 0.12,
        0.35 + glance + work * 0.12,
        Math.sin(t * 0.8) * 0.04 + work * Math.sin(t * 1.7) * 0.16,
      );
    }
    blink(lids.current, t * 0.8, 0.7, still);
    const lit = Math.max(0.001, work);
    shine.current?.scale.setScalar(lit);
    if (left.current) left.current.rotation.z = -0.1 - work * (0.5 + Math.sin(t * 5) * 0.16);
    if (right.current) right.current.rotation.z = 0.1 + work * (0.22 + Math.sin(t * 5 + 1) * 0.1);
    const tip = Math.sin(t * 0.7) * 0.03 + work * (still ? 0.2 : Math.sin(t * 1.9) * 0.3);
    if (beamRef.current) beamRef.current.rotation.z = tip;
    for (const hung of pans) if (hung.current) hung.current.rotation.z = -tip;
  });

  return (
    <>
      <Part at={STANDS.alpha.at} hold={all}>
        <Part shape={shapes.body} />
        <Part shape={shapes.left} at={[-0.17, 0.36, 0.02]} hold={left} />
        <Part shape={shapes.right} at={[0.17, 0.36, 0.02]} hold={right} />
        <Part shape={shapes.head} at={[0, 0.47, 0.03]} hold={headRef}>
          <Part shape={shapes.irises} hold={lids} />
          <Part shape={shapes.gleam} hold={shine} />
        </Part>
      </Part>
      <Part shape={shapes.post} at={[-1.0, TABLE.top, 0.52]}>
        <Part shape={shapes.beam} at={[0, 0.52, 0.02]} hold={beamRef}>
          <Part shape={shapes.feather} at={[-0.225, 0, 0]} hold={pans[0]} />
          <Part shape={shapes.coin} at={[0.225, 0, 0]} hold={pans[1]} />
        </Part>
      </Part>
    </>
  );
}
