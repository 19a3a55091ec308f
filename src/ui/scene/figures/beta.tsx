import { useFrame } from "@react-three/fiber";
import { useMemo, useRef } from "react";
import type { Group } from "three";
import { chance, join, type Piece, span } from "../paint/piece";
import { ball, box, dome, lock, plate, ring, rod, strand, turned } from "../paint/shapes";
import { STANDS } from "../room/places";
import { useStage } from "../stage";
import { eyes, SKIN } from "./face";
import { Part } from "./part";

const TUNIC = "#5f8a52";
const LEATHER = "#96603f";
const BEARD = "#e2803a";
const STEEL = "#8a94bd";

/** Round as a barrel, on two short boots. */
function body(): Piece[] {
  return [
    ball(0.44, 24).scale(1, 0.94, 0.92).move(0, 0.5, 0).paint(TUNIC),
    // The apron, its strap and a pocket with a chisel.
    ball(0.45, 24)
      .scale(0.86, 0.93, 0.92)
      .bend((c) => {
        c.z = Math.max(c.z, 0.06);
      })
      .move(0, 0.48, 0.02)
      .paint(LEATHER),
    ring(0.405, 0.032)
      .turn(Math.PI / 2)
      .scale(1, 1, 0.93)
      .move(0, 0.36, 0)
      .paint("#5a3527"),
    box(0.12, 0.1, 0.03).move(0, 0.36, 0.4).paint("#e0ab55", 0.1),
    box(0.22, 0.13, 0.03).turn(-0.1, 0.25, 0).move(0.15, 0.56, 0.4).paint("#7f4f34"),
    rod(0.015, 0.015, 0.16, 7).move(0.17, 0.58, 0.415).paint("#e0ab55"),
    rod(0.015, 0.015, 0.12, 7).move(0.12, 0.58, 0.42).paint(STEEL),
    ...[-1, 1].flatMap((side) => [
      turned([
        [0.1, 0],
        [0.13, 0.04],
        [0.11, 0.1],
        [0.1, 0.2],
      ])
        .scale(1, 1, 1.35)
        .move(side * 0.19, 0, 0.06)
        .paint("#4f3044"),
      ball(0.1, 12)
        .scale(1, 0.8, 1.2)
        .move(side * 0.2, 0.07, 0.18)
        .paint("#4f3044"),
    ]),
  ];
}

function head(): Piece[] {
  return [
    ball(0.25, 20).scale(1.08, 0.94, 0.95).paint(SKIN),
    ball(0.085, 14).scale(1.1, 0.95, 1).move(0, -0.01, 0.25).paint("#ea8468"),
    ...[-1, 1].flatMap((side) => [
      ball(0.09, 12)
        .move(side * 0.15, -0.04, 0.16)
        .paint("#e98a70"),
      ball(0.07, 10)
        .scale(0.5, 1, 0.8)
        .move(side * 0.27, -0.01, 0)
        .paint(SKIN),
      lock(
        [
          [side * 0.03, 0.1, 0.235],
          [side * 0.1, 0.13, 0.225],
          [side * 0.19, 0.095, 0.17],
        ],
        0.03,
        1,
      ).paint(BEARD),
      // A moustache that curls up at both ends.
      lock(
        [
          [side * 0.01, -0.09, 0.26],
          [side * 0.12, -0.12, 0.25],
          [side * 0.23, -0.09, 0.18],
          [side * 0.28, 0.0, 0.15],
          [side * 0.24, 0.05, 0.16],
        ],
        0.06,
        1,
      ).paint(BEARD),
    ]),
    ...[-2, -1, 0, 1, 2].map((n) =>
      lock(
        [
          [n * 0.075, -0.13, 0.17 - Math.abs(n) * 0.02],
          [n * 0.085, -0.25, 0.2 - Math.abs(n) * 0.03],
          [n * 0.05, -0.36 + Math.abs(n) * 0.05, 0.17],
        ],
        0.085,
        1,
      ).paint(n % 2 ? "#c96a2c" : BEARD),
    ),
    // A knitted cap with a bobble.
    dome(0.262, 20, 0.5).scale(1.08, 1.05, 1).turn(-0.14).move(0, 0.05, -0.01).paint("#b5484a"),
    ring(0.265, 0.045)
      .turn(Math.PI / 2 - 0.14)
      .scale(1.05, 1, 0.98)
      .move(0, 0.07, -0.01)
      .paint("#e6d3ae"),
    ball(0.075, 10).move(0, 0.34, -0.06).paint("#e6d3ae"),
  ];
}

const openEyes = () => eyes(0.19, 0.033, 0.215);
const shutEyes = () =>
  [-1, 1].map((side) =>
    ring(0.038, 0.009, Math.PI, 10)
      .turn(0, 0, Math.PI)
      .move(side * 0.1, 0.055, 0.228)
      .paint("#3a2233"),
  );

/** From the shoulder down to a fist. */
const arm = (side: number) => [
  strand(
    [
      [0, 0, 0],
      [side * 0.12, -0.14, 0.05],
      [side * 0.1, -0.24, 0.2],
    ],
    0.092,
    (t) => 1.05 - t * 0.15,
  ).paint(TUNIC),
  ring(0.08, 0.028)
    .turn(0.5)
    .move(side * 0.1, -0.24, 0.2)
    .paint("#e6d3ae"),
  ball(0.088, 12)
    .move(side * 0.1, -0.26, 0.27)
    .paint(SKIN),
];

const hammer = () => [
  span(rod(0.022, 0.026, 1, 8), [0.09, -0.33, 0.22], [0.13, 0.14, 0.42]).paint("#a3785a"),
  box(0.15, 0.15, 0.29).turn(0.4, 0.1, 0).move(0.13, 0.16, 0.42).paint(STEEL),
  box(0.165, 0.165, 0.04).turn(0.4, 0.1, 0).move(0.115, 0.105, 0.55).paint("#a9b3d6"),
];

const scroll = () => [
  rod(0.05, 0.05, 0.46, 10)
    .turn(0, 0, Math.PI / 2)
    .move(0.16, -0.24, 0.32)
    .paint("#efe0bd"),
  ...[-0.31, 0.17].map((x) => ball(0.05, 9).scale(0.8, 1, 1).move(x, -0.24, 0.32).paint("#b5484a")),
  box(0.34, 0.26, 0.012).turn(-0.15).move(-0.07, -0.39, 0.35).paint("#efe0bd"),
  ...[0, 1, 2].map((n) =>
    box(0.24 - chance(n) * 0.08, 0.014, 0.016)
      .turn(-0.15)
      .move(-0.07, -0.34 - n * 0.05, 0.36 + n * 0.008)
      .paint("#7d6a62"),
  ),
];

/** Sheets that fly from the anvil. */
const page = () => [
  box(0.17, 0.004, 0.22, 3)
    .bend((c) => {
      c.y += Math.sin(c.x * 16) * 0.018;
    })
    .paint("#f3e9d2", 0.25),
];
const PAGES = [0, 1, 2, 3];

/** What a sleeper says. */
const letter = () => [
  plate(
    [
      [-0.06, 0.07],
      [0.06, 0.07],
      [0.06, 0.045],
      [-0.02, -0.045],
      [0.06, -0.045],
      [0.06, -0.07],
      [-0.06, -0.07],
      [-0.06, -0.045],
      [0.02, 0.045],
      [-0.06, 0.045],
    ],
    0.02,
  ).paint("#cfd8ff", 0.75),
];
const LETTERS = [0, 1, 2];

export function Beta() {
  const stage = useStage();
  const shapes = useMemo(
    () => ({
      body: join(body()),
      head: join(head()),
      open: join(openEyes()),
      shut: join(shutEyes()),
      left: join([...arm(-1), ...scroll()]),
      right: join([...arm(1), ...hammer()]),
      page: join(page()),
      letter: join(letter()),
    }),
    [],
  );
  const all = useRef<Group>(null);
  const headRef = useRef<Group>(null);
  const open = useRef<Group>(null);
  const shut = useRef<Group>(null);
  const left = useRef<Group>(null);
  const right = useRef<Group>(null);
  const pages = useRef<Group>(null);
  const letters = useRef<Group>(null);

  useFrame(() => {
    const { mood, time, still } = stage;
    const work = mood.beta;
    const t = still ? 0 : time;
    // Up slowly, down at once, and a moment of rest on the anvil.
    const beat = (t * 1.25) % 1;
    const raised = still
      ? 0.7
      : beat < 0.6
        ? Math.sin((beat / 0.6) * (Math.PI / 2))
        : Math.max(0, 1 - (beat - 0.6) / 0.12);
    const snore = Math.sin(t * 1.1);
    if (all.current) {
      all.current.scale.set(1 + snore * 0.008, 1 + snore * 0.014, 1 + snore * 0.008);
      all.current.position.y = work * raised * 0.03;
    }
    headRef.current?.rotation.set(
      0.36 * (1 - work) + snore * 0.03 + work * (0.1 - raised * 0.16),
      0.12,
      0.2 * (1 - work),
    );
    const awake = work > 0.35;
    if (open.current) open.current.visible = awake;
    if (shut.current) shut.current.visible = !awake;
    left.current?.rotation.set(-0.12 + snore * 0.02 - work * 0.12, 0.35, 0);
    right.current?.rotation.set(0.25 - work * (0.15 + raised * 1.25), work * -0.25, 0);
    letters.current?.children.forEach((sign, at) => {
      const rise = (t * 0.22 + at / LETTERS.length + 0.2) % 1;
      sign.position.set(Math.sin(rise * 5) * 0.06 + rise * 0.22, rise * 0.75, 0);
      sign.rotation.set(0, 0, Math.sin(rise * 7 + at) * 0.14);
      sign.scale.setScalar(Math.max(0.001, (0.5 + rise * 0.9) * Math.min(1, rise * 5, (1 - rise) * 4) * (1 - work)));
    });
    if (!pages.current) return;
    pages.current.visible = work > 0.05;
    pages.current.children.forEach((sheet, at) => {
      const flight = (t * 0.42 + at / PAGES.length) % 1;
      const side = at % 2 ? 1 : -1;
      sheet.position.set(
        side * flight * 0.42 * (0.5 + chance(at)),
        flight * 1.25 + Math.sin(flight * 9 + at) * 0.05,
        flight * 0.25,
      );
      sheet.rotation.set(flight * 6 + at, flight * 4, side * 0.5);
      sheet.scale.setScalar(Math.min(1, flight * 8, (1 - flight) * 4) * work);
    });
  });

  return (
    <>
      <Part at={STANDS.beta.at} hold={all}>
        <Part shape={shapes.body} />
        <Part shape={shapes.left} at={[-0.36, 0.72, 0.05]} hold={left} />
        <Part shape={shapes.right} at={[0.34, 0.72, 0.05]} hold={right} />
        <Part shape={shapes.head} at={[0, 1.02, 0.06]} hold={headRef}>
          <Part shape={shapes.open} at={[0, 0.045, 0]} hold={open} />
          <Part shape={shapes.shut} hold={shut} />
        </Part>
      </Part>
      <Part at={[STANDS.beta.at[0] + 0.16, 1.4, STANDS.beta.at[2]]} hold={letters}>
        {LETTERS.map((at) => (
          <Part key={at} shape={shapes.letter} />
        ))}
      </Part>
      <Part at={[-1.43, 0.74, 1.15]} hold={pages}>
        {PAGES.map((at) => (
          <Part key={at} shape={shapes.page} />
        ))}
      </Part>
    </>
  );
}
