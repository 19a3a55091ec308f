import { useFrame } from "@react-three/fiber";
import { useMemo } from "react";
import { AdditiveBlending, ShaderMaterial, SphereGeometry } from "three";
import { join } from "../paint/piece";
import { ring, turned } from "../paint/shapes";
import { BALL, JAR } from "../room/places";
import { useStage } from "../stage";

const VERTEX = /* glsl */ `
varying vec3 vNormal;
varying vec3 vAt;
varying vec3 vOwn;
void main() {
  vec4 at = modelMatrix * vec4(position, 1.0);
  vAt = at.xyz;
  vOwn = position;
  vNormal = normalize(mat3(modelMatrix) * normal);
  gl_Position = projectionMatrix * viewMatrix * at;
}`;

/** Mist that turns in the ball, brighter and faster while somebody asks it something. */
const MIST = /* glsl */ `
uniform float uTime;
uniform float uPower;
varying vec3 vNormal;
varying vec3 vAt;
varying vec3 vOwn;
void main() {
  vec3 eye = normalize(cameraPosition - vAt);
  float facing = max(0.0, dot(normalize(vNormal), eye));
  vec3 p = vOwn * 9.0;
  float swirl = sin(p.x * 1.3 + uTime * 0.7 + sin(p.y * 1.7 - uTime * 0.5) * 1.6)
    + sin(p.y * 2.1 - uTime * 0.9 + sin(p.x * 1.9 + uTime * 0.6) * 1.3);
  float mist = smoothstep(-0.3, 1.7, swirl);
  vec3 c = mix(vec3(0.05, 0.28, 0.40), vec3(0.22, 0.78, 0.72), facing * 0.75);
  c = mix(c, vec3(0.80, 1.0, 0.95), mist * 0.62 * (0.45 + 0.55 * uPower));
  c += vec3(0.5, 0.9, 0.85) * pow(facing, 3.0) * 0.28 * uPower;
  c += vec3(0.45, 0.6, 1.0) * pow(1.0 - facing, 3.0) * 0.8;
  vec3 n = normalize(vNormal);
  c += vec3(1.0, 0.95, 0.85) * smoothstep(0.955, 0.975, dot(n, normalize(vec3(-0.45, 0.62, 0.65))));
  c += vec3(1.0, 0.6, 0.3) * smoothstep(0.93, 0.99, dot(n, normalize(vec3(-0.9, -0.1, 0.35)))) * 0.5;
  gl_FragColor = vec4(c, 1.0);
}`;

const GLASS = /* glsl */ `
uniform float uLevel;
varying vec3 vNormal;
varying vec3 vAt;
varying vec3 vOwn;
void main() {
  vec3 eye = normalize(cameraPosition - vAt);
  vec3 n = normalize(vNormal);
  float edge = 1.0 - abs(dot(n, eye));
  vec3 c = vec3(0.35, 0.55, 0.75) * (0.08 + edge * edge * 0.75);
  // The heap's light in the glass, up to its top.
  c += vec3(1.0, 0.55, 0.16) * 0.22 * smoothstep(0.06, -0.04, vOwn.y - 0.06 - uLevel * 0.36) * (0.3 + uLevel);
  c += vec3(1.0, 0.95, 0.85) * smoothstep(0.965, 0.985, dot(n, normalize(vec3(-0.72, 0.05, 0.7)))) * 0.4;
  gl_FragColor = vec4(c, 1.0);
}`;

export function CrystalBall() {
  const stage = useStage();
  const [shape, material] = useMemo(
    () =>
      [
        new SphereGeometry(BALL.radius, 32, 22),
        new ShaderMaterial({
          uniforms: { uTime: { value: 0 }, uPower: { value: 1 } },
          vertexShader: VERTEX,
          fragmentShader: MIST,
        }),
      ] as const,
    [],
  );
  useFrame(() => {
    const t = stage.still ? 4 : stage.time * (1 + stage.mood.gamma * 0.8);
    if (material.uniforms.uTime) material.uniforms.uTime.value = t;
    if (material.uniforms.uPower) material.uniforms.uPower.value = Math.min(2, stage.material.uniforms.uBall.value);
  });
  return <mesh geometry={shape} material={material} position={[BALL.x, BALL.y, BALL.z]} />;
}

/** Delta's jar: the glass here, the coins with all other coins. */
export function Jar() {
  const stage = useStage();
  const [glass, rims, material] = useMemo(() => {
    const profile = [
      [0.06, 0.0],
      [0.165, 0.015],
      [JAR.radius, 0.1],
      [JAR.radius, 0.3],
      [0.15, 0.4],
      [0.14, 0.44],
      [0.165, JAR.height],
    ] as const;
    return [
      join([turned(profile, 28).paint("#ffffff")]),
      join([
        ring(0.165, 0.016, Math.PI * 2, 28)
          .turn(Math.PI / 2)
          .move(0, JAR.height, 0)
          .paint("#bcd6ec", 0.35),
        ring(0.155, 0.018, Math.PI * 2, 28)
          .turn(Math.PI / 2)
          .move(0, 0.415, 0)
          .paint("#a97c50"),
        ring(0.13, 0.012, Math.PI * 2, 28)
          .turn(Math.PI / 2)
          .move(0, 0.012, 0)
          .paint("#8fb6cf", 0.3),
      ]),
      new ShaderMaterial({
        uniforms: { uLevel: { value: 0 } },
        vertexShader: VERTEX,
        fragmentShader: GLASS,
        blending: AdditiveBlending,
        transparent: true,
        depthWrite: false,
      }),
    ] as const;
  }, []);
  useFrame(() => {
    if (material.uniforms.uLevel) material.uniforms.uLevel.value = stage.level;
  });
  return (
    <group position={[JAR.x, JAR.y, JAR.z]}>
      <mesh geometry={rims} material={stage.material} />
      <mesh geometry={glass} material={material} renderOrder={4} />
    </group>
  );
}
