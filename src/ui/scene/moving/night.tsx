import { useFrame } from "@react-three/fiber";
import { useMemo } from "react";
import { PlaneGeometry, ShaderMaterial } from "three";
import { WALL_Z, WINDOW } from "../room/places";
import { useStage } from "../stage";

const VERTEX = /* glsl */ `
varying vec2 vAt;
void main() {
  vAt = position.xy;
  gl_Position = projectionMatrix * viewMatrix * modelMatrix * vec4(position, 1.0);
}`;

/** Sky, a moon, two ridges of snow with firs, and snow that falls in three depths. */
const FRAGMENT = /* glsl */ `
uniform float uTime;
varying vec2 vAt;
float dice(vec2 p) { return fract(sin(dot(p, vec2(127.1, 311.7))) * 43758.5453); }
float snow(vec2 p, float size, float speed, float t) {
  p.y += t * speed;
  p.x += sin(p.y * 3.0 + size) * 0.05;
  vec2 cell = floor(p / size);
  vec2 own = fract(p / size) - 0.5 - (vec2(dice(cell), dice(cell + 7.0)) - 0.5) * 0.6;
  return smoothstep(0.13, 0.05, length(own)) * step(0.45, dice(cell + 3.0));
}
float firs(float x, float step_) {
  float cell = floor(x / step_);
  float own = abs(fract(x / step_) - 0.5) * 2.0;
  return max(0.0, 1.0 - own * 1.6) * (0.14 + dice(vec2(cell, 2.0)) * 0.16);
}
void main() {
  float h = (vAt.y + 1.0) * 0.5;
  vec3 c = mix(vec3(0.30, 0.40, 0.78), vec3(0.06, 0.09, 0.32), smoothstep(0.1, 0.95, h));
  vec2 cell = floor(vAt * 11.0);
  vec2 own = fract(vAt * 11.0) - 0.5 - (vec2(dice(cell), dice(cell + 2.0)) - 0.5) * 0.7;
  float twinkle = 0.65 + 0.35 * sin(uTime * 1.6 + dice(cell) * 40.0);
  c += vec3(1.0, 0.95, 0.8) * smoothstep(0.10, 0.03, length(own)) * step(0.62, dice(cell + 5.0)) * twinkle * h;
  vec2 moon = vAt - vec2(0.27, 0.50);
  c += vec3(0.40, 0.48, 0.75) * smoothstep(0.75, 0.1, length(moon)) * 0.5;
  float face = smoothstep(0.165, 0.155, length(moon)) * smoothstep(0.135, 0.15, length(moon - vec2(-0.085, 0.05)));
  c = mix(c, vec3(1.0, 0.96, 0.84), face);
  float ridge = -0.42 + sin(vAt.x * 3.1 + 1.0) * 0.14;
  c = mix(c, vec3(0.20, 0.26, 0.56), smoothstep(0.01, 0.0, vAt.y - ridge - firs(vAt.x + 0.3, 0.13) * 0.6));
  float near = -0.62 + sin(vAt.x * 2.3 - 0.8) * 0.12;
  c = mix(c, vec3(0.10, 0.14, 0.36), smoothstep(0.01, 0.0, vAt.y - near - firs(vAt.x, 0.24)));
  c = mix(c, vec3(0.78, 0.84, 1.0) * (0.75 + 0.25 * (vAt.y - near + 1.0)), smoothstep(0.01, 0.0, vAt.y - near));
  float flakes = snow(vAt, 0.30, 0.16, uTime) + snow(vAt + 3.0, 0.19, 0.11, uTime) * 0.7 + snow(vAt + 9.0, 0.12, 0.07, uTime) * 0.5;
  c = mix(c, vec3(0.95, 0.97, 1.0), min(1.0, flakes) * 0.85);
  gl_FragColor = vec4(c, 1.0);
}`;

/** The weather is for all the same: this night it snows. */
export function Night() {
  const stage = useStage();
  const [shape, material] = useMemo(
    () =>
      [
        new PlaneGeometry(2.0, 2.4),
        new ShaderMaterial({ uniforms: { uTime: { value: 0 } }, vertexShader: VERTEX, fragmentShader: FRAGMENT }),
      ] as const,
    [],
  );
  useFrame(() => {
    if (material.uniforms.uTime) material.uniforms.uTime.value = stage.time + 30;
  });
  return (
    <mesh
      geometry={shape}
      material={material}
      position={[WINDOW.x, (WINDOW.sill + WINDOW.spring + WINDOW.half) / 2, WALL_Z - 0.3]}
    />
  );
}
