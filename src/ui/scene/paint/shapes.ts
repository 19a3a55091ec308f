import {
  BoxGeometry,
  CatmullRomCurve3,
  CylinderGeometry,
  ExtrudeGeometry,
  LatheGeometry,
  Shape,
  SphereGeometry,
  TorusGeometry,
  TubeGeometry,
  Vector2,
  Vector3,
} from "three";
import { Piece } from "./piece";

type Point = readonly [number, number];
type Point3 = readonly [number, number, number];

export const box = (width: number, height: number, depth: number, cuts = 1) =>
  new Piece(new BoxGeometry(width, height, depth, cuts, cuts, cuts));

export const ball = (radius: number, around = 18) =>
  new Piece(new SphereGeometry(radius, around, Math.max(6, Math.round(around * 0.7))));

/** Half a ball, open below: caps, lids, domes. */
export const dome = (radius: number, around = 18, part = 0.5) =>
  new Piece(new SphereGeometry(radius, around, 8, 0, Math.PI * 2, 0, Math.PI * part));

/** Stands on its foot at y 0. */
export const rod = (top: number, bottom: number, height: number, around = 10) =>
  new Piece(new CylinderGeometry(top, bottom, height, around, 1)).move(0, height / 2, 0);

export const ring = (radius: number, thickness: number, arc = Math.PI * 2, around = 22) =>
  new Piece(new TorusGeometry(radius, thickness, 6, around, arc));

/** A profile of [radius, height] turned about y, smoothed between its points. */
export function turned(profile: readonly Point[], around = 20): Piece {
  const curve = new CatmullRomCurve3(
    profile.map(([r, y]) => new Vector3(r, y, 0)),
    false,
    "centripetal",
  );
  const points = curve.getPoints(profile.length * 3).map((p) => new Vector2(Math.max(0, p.x), p.y));
  return new Piece(new LatheGeometry(points, around));
}

/** As `turned`, with its edges kept. */
export const turnedSharp = (profile: readonly Point[], around = 16) =>
  new Piece(
    new LatheGeometry(
      profile.map(([r, y]) => new Vector2(r, y)),
      around,
    ),
  );

/** A line with a thickness that may swell and thin out along it. */
export function strand(points: readonly Point3[], radius: number, thick: (along: number) => number = () => 1): Piece {
  const curve = new CatmullRomCurve3(points.map((p) => new Vector3(...p)));
  const steps = Math.max(6, points.length * 4);
  const around = 7;
  const tube = new TubeGeometry(curve, steps, radius, around, false);
  const positions = tube.attributes.position;
  const centre = new Vector3();
  const corner = new Vector3();
  for (let at = 0; positions && at < positions.count; at++) {
    const along = Math.floor(at / (around + 1)) / steps;
    curve.getPointAt(along, centre);
    corner
      .fromBufferAttribute(positions, at)
      .sub(centre)
      .multiplyScalar(Math.max(0.02, thick(along)))
      .add(centre);
    positions.setXYZ(at, corner.x, corner.y, corner.z);
  }
  tube.computeVertexNormals();
  return new Piece(tube);
}

/** Thin at both ends: locks of hair, moustaches. */
export const lock = (points: readonly Point3[], radius: number, root = 0.7) =>
  strand(points, radius, (along) => Math.min(1, root + along * 1.4) * (1 - along ** 3));

/** A flat outline with thickness and rounded edges. */
export function plate(outline: readonly Point[], depth: number, bevel = depth * 0.3): Piece {
  const shape = new Shape(outline.map(([x, y]) => new Vector2(x, y)));
  return new Piece(
    new ExtrudeGeometry(shape, {
      depth,
      bevelEnabled: bevel > 0,
      bevelSize: bevel,
      bevelThickness: bevel,
      bevelSegments: 1,
      curveSegments: 8,
    }),
  );
}

export function star(radius: number, depth: number, tips = 5): Piece {
  const outline = Array.from({ length: tips * 2 }, (_, at): Point => {
    const r = at % 2 ? radius * 0.45 : radius;
    const angle = (at / tips) * Math.PI + Math.PI / 2;
    return [Math.cos(angle) * r, Math.sin(angle) * r];
  });
  return plate(outline, depth, depth * 0.2);
}
