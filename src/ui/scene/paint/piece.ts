import { type BufferGeometry, Color, Euler, Float32BufferAttribute, Matrix4, Quaternion, Vector3 } from "three";
import { mergeGeometries } from "three/addons/utils/BufferGeometryUtils.js";

type Triple = readonly [x: number, y: number, z: number];

/**
 * A part of something, with its colours kept in its corners: all of the room shares one material, so parts that do not
 * move against each other become one mesh. Units are metres.
 */
export class Piece {
  constructor(readonly geometry: BufferGeometry) {
    geometry.deleteAttribute("uv");
    if (!geometry.index) geometry.setIndex([...Array(geometry.attributes.position?.count ?? 0).keys()]);
  }

  move(x: number, y: number, z: number): this {
    this.geometry.translate(x, y, z);
    return this;
  }

  /** Radians, about x, then y, then z. */
  turn(x: number, y = 0, z = 0): this {
    this.geometry.applyMatrix4(new Matrix4().makeRotationFromEuler(new Euler(x, y, z)));
    return this;
  }

  scale(x: number, y = x, z = x): this {
    this.geometry.scale(x, y, z);
    return this;
  }

  /** Moves every corner by hand. */
  bend(by: (corner: Vector3) => void): this {
    const positions = this.geometry.attributes.position;
    const corner = new Vector3();
    for (let at = 0; positions && at < positions.count; at++) {
      corner.fromBufferAttribute(positions, at);
      by(corner);
      positions.setXYZ(at, corner.x, corner.y, corner.z);
    }
    this.geometry.computeVertexNormals();
    return this;
  }

  /** `glow`: how much of the colour shines by itself, 0–1. `shade`: a factor for each corner. */
  paint(hex: string, glow = 0, shade?: (x: number, y: number, z: number) => number): this {
    const { r, g, b } = new Color(hex);
    const positions = this.geometry.attributes.position;
    const paint: number[] = [];
    for (let at = 0; positions && at < positions.count; at++) {
      const f = shade ? shade(positions.getX(at), positions.getY(at), positions.getZ(at)) : 1;
      paint.push(r * f, g * f, b * f, glow);
    }
    this.geometry.setAttribute("paint", new Float32BufferAttribute(paint, 4));
    return this;
  }
}

/** One mesh's worth of pieces, which are used up. */
export function join(pieces: readonly Piece[]): BufferGeometry {
  const merged = mergeGeometries(
    pieces.map((piece) => piece.geometry),
    false,
  );
  for (const piece of pieces) piece.geometry.dispose();
  return merged;
}

/** A number in 0–1 for a whole number: the same room at every visit. */
export function chance(seed: number): number {
  const x = Math.sin(seed * 127.1 + 311.7) * 43758.5453;
  return x - Math.floor(x);
}

/** Turns a piece that stands along y so that it reaches from one point to another. */
export function span(piece: Piece, from: Triple, to: Triple): Piece {
  const a = new Vector3(...from);
  const way = new Vector3(...to).sub(a);
  const turn = new Quaternion().setFromUnitVectors(new Vector3(0, 1, 0), way.clone().normalize());
  piece.geometry
    .scale(1, way.length(), 1)
    .applyQuaternion(turn)
    .translate(...from);
  return piece;
}
