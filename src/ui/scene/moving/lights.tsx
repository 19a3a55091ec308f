import { useFrame } from "@react-three/fiber";
import { useMemo } from "react";
import { AdditiveBlending, BufferGeometry, Color, Float32BufferAttribute, ShaderMaterial } from "three";
import { BALL, HEARTH, JAR, LANTERN, WALL_Z } from "../room/places";
import { useStage } from "../stage";

/** [x, y, z, size, colour, which light it belongs to]. 0 fire, 1 ball, 2 candle, 3 jar, 4 always. */
const GLOWS = [
  [HEARTH.x, 0.65, -1.75, 3.6, "#ff6a1e", 0],
  [HEARTH.x, 0.5, -1.8, 1.5, "#ffb050", 0],
  [BALL.x, BALL.y, BALL.z, 1.9, "#3fd8c4", 1],
  [BALL.x, BALL.y, BALL.z + 0.2, 0.8, "#8ff5e6", 1],
  [-0.62, 1.4, 0.42, 0.95, "#ff9a3c", 2],
  [JAR.x, JAR.y + 0.2, JAR.z + 0.1, 1.15, "#ffa63c", 3],
  [1.95, 3.1, -2.6, 1.5, "#5a7af0", 4],
  [LANTERN.x, LANTERN.y, LANTERN.z + 0.1, 1.3, "#ff9a3c", 2],
] as const;

const VERTEX = /* glsl */ `
attribute vec3 centre;
attribute vec4 tint;
uniform float uPower[5];
varying vec3 vTint;
varying vec2 vAt;
void main() {
  vAt = position.xy;
  int which = int(tint.a + 0.5);
  float power = which == 0 ? uPower[0] : which == 1 ? uPower[1] : which == 2 ? uPower[2] : which == 3 ? uPower[3] : uPower[4];
  vTint = tint.rgb * power;
  vec4 eye = viewMatrix * vec4(centre, 1.0);
  eye.xy += position.xy * position.z * 0.5;
  gl_Position = projectionMatrix * eye;
}`;
const FRAGMENT = /* glsl */ `
varying vec3 vTint;
varying vec2 vAt;
void main() {
  float d = max(0.0, 1.0 - length(vAt));
  gl_FragColor = vec4(vTint * d * d * d * 0.62, 1.0);
}`;

/** All halos of the room in one mesh: squares that face the camera. */
export function Glows() {
  const stage = useStage();
  const [shape, material] = useMemo(() => {
    const position: number[] = [];
    const centre: number[] = [];
    const tint: number[] = [];
    const index: number[] = [];
    for (const [x, y, z, size, hex, which] of GLOWS) {
      const first = position.length / 3;
      const { r, g, b } = new Color(hex);
      for (const [cx, cy] of [
        [-1, -1],
        [1, -1],
        [1, 1],
        [-1, 1],
      ] as const) {
        position.push(cx, cy, size);
        centre.push(x, y, z);
        tint.push(r, g, b, which);
      }
      index.push(first, first + 1, first + 2, first, first + 2, first + 3);
    }
    const made = new BufferGeometry();
    made.setAttribute("position", new Float32BufferAttribute(position, 3));
    made.setAttribute("centre", new Float32BufferAttribute(centre, 3));
    made.setAttribute("tint", new Float32BufferAttribute(tint, 4));
    made.setIndex(index);
    const painted = new ShaderMaterial({
      uniforms: { uPower: { value: [1, 1, 1, 1, 1] } },
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      blending: AdditiveBlending,
      depthWrite: false,
      transparent: true,
    });
    return [made, painted] as const;
  }, []);

  useFrame(() => {
    const { uFire, uBall, uCandle } = stage.material.uniforms;
    material.uniforms.uPower = { value: [uFire.value, uBall.value * 0.8, uCandle.value, 0.1 + stage.level * 0.9, 0.5] };
  });

  return <mesh geometry={shape} material={material} frustumCulled={false} renderOrder={5} />;
}

const FLAME_VERTEX = /* glsl */ `
attribute vec4 flame;
uniform float uTime;
varying vec2 vAt;
varying float vSeed;
void main() {
  vAt = position.xy;
  vSeed = flame.w;
  vec4 eye = viewMatrix * vec4(flame.xyz, 1.0);
  eye.xy += vec2(position.x * position.z * 0.62, (position.y + 1.0) * position.z);
  gl_Position = projectionMatrix * eye;
}`;
const FLAME_FRAGMENT = /* glsl */ `
uniform float uTime;
varying vec2 vAt;
varying float vSeed;
void main() {
  float y = vAt.y * 0.5 + 0.5;
  float t = uTime * 2.2 + vSeed;
  float x = vAt.x + sin(y * 5.0 - t * 2.3) * 0.22 * y + sin(y * 11.0 - t * 3.9 + vSeed) * 0.10 * y;
  float wide = pow(1.0 - y, 0.75) * smoothstep(-0.06, 0.16, y) * (0.82 + 0.1 * sin(t * 3.1));
  float d = wide - abs(x);
  if (d < 0.0) discard;
  // Three flat tongues, one in another, as they are drawn in books.
  vec3 c = vec3(1.0, 0.34, 0.07);
  c = mix(c, vec3(1.0, 0.62, 0.18), smoothstep(0.16, 0.2, d - y * 0.12));
  c = mix(c, vec3(1.0, 0.9, 0.55), smoothstep(0.34, 0.38, d - y * 0.22 + 0.02));
  gl_FragColor = vec4(c, 1.0);
}`;

/** [x, y, z, height, seed] */
const FLAMES = [
  [HEARTH.x - 0.2, 0.22, WALL_Z + 0.42, 0.42, 0],
  [HEARTH.x + 0.24, 0.22, WALL_Z + 0.44, 0.36, 2.1],
  [HEARTH.x + 0.02, 0.24, WALL_Z + 0.5, 0.56, 4.4],
  [HEARTH.x - 0.4, 0.18, WALL_Z + 0.46, 0.17, 1.3],
  [HEARTH.x + 0.43, 0.18, WALL_Z + 0.48, 0.15, 3.3],
  [-0.62, 1.325, 0.425, 0.075, 5.2],
] as const;

export function Flames() {
  const stage = useStage();
  const [shape, material] = useMemo(() => {
    const position: number[] = [];
    const flame: number[] = [];
    const index: number[] = [];
    for (const [x, y, z, height, seed] of FLAMES) {
      const first = position.length / 3;
      for (const [cx, cy] of [
        [-1, -1],
        [1, -1],
        [1, 1],
        [-1, 1],
      ] as const) {
        position.push(cx, cy, height);
        flame.push(x, y, z, seed);
      }
      index.push(first, first + 1, first + 2, first, first + 2, first + 3);
    }
    const made = new BufferGeometry();
    made.setAttribute("position", new Float32BufferAttribute(position, 3));
    made.setAttribute("flame", new Float32BufferAttribute(flame, 4));
    made.setIndex(index);
    return [
      made,
      new ShaderMaterial({
        uniforms: { uTime: { value: 0 } },
        vertexShader: FLAME_VERTEX,
        fragmentShader: FLAME_FRAGMENT,
      }),
    ] as const;
  }, []);

  useFrame(() => {
    const { time, mood, still, material: painted } = stage;
    const t = still ? 0 : time;
    if (material.uniforms.uTime) material.uniforms.uTime.value = t;
    // The fire breathes, the candle flickers, the ball pulses while gamma looks into it.
    painted.uniforms.uFire.value = 1 + Math.sin(t * 7.3) * 0.06 + Math.sin(t * 12.7 + 1) * 0.05 + mood.beta * 0.15;
    painted.uniforms.uCandle.value = 1 + Math.sin(t * 9.1 + 2) * 0.05 + Math.sin(t * 15.7) * 0.03;
    painted.uniforms.uBall.value = 0.85 + Math.sin(t * 0.9) * 0.07 + mood.gamma * (0.6 + Math.sin(t * 4.2) * 0.38);
  });

  return <mesh geometry={shape} material={material} frustumCulled={false} />;
}
