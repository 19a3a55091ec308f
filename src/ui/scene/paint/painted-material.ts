import { ShaderMaterial } from "three";

/**
 * The room's one material: colours from the corners, lit by the five lights that are really there. They are written into
 * the shader, since their number is what costs. In the light tier it all happens per corner, and a pixel costs nothing.
 */
const LIGHTS = /* glsl */ `
uniform float uFire;
uniform float uBall;
uniform float uCandle;

const vec3 FIRE_AT = vec3(-2.7, 0.6, -1.85);
const vec3 BALL_AT = vec3(0.62, 1.32, 0.12);
const vec3 CANDLE_AT = vec3(-0.62, 1.45, 0.42);
const vec3 LAMP_AT = vec3(-1.7, 3.3, 3.2);

/** Cloth and wood drink light softly; a gentle step makes it drawn rather than measured. */
float lit(vec3 n, vec3 way, float wrap) {
  float d = clamp((dot(n, way) + wrap) / (1.0 + wrap), 0.0, 1.0);
  return mix(d, smoothstep(0.25, 0.62, d), 0.5);
}

#ifdef PER_PIXEL
/** The shadow that a ball throws: after Inigo Quilez, "sphere soft shadow". */
float behind(vec3 p, vec3 way, float far, vec4 body) {
  vec3 oc = p - body.xyz;
  float b = dot(oc, way);
  float c = dot(oc, oc) - body.w * body.w;
  float h = b * b - c;
  float d = sqrt(max(0.0, body.w * body.w - h)) - body.w;
  float t = -b - sqrt(max(h, 0.0));
  if (t < 0.02 || t > far) return 1.0;
  return smoothstep(0.0, 1.0, 5.0 * d / t);
}
float shade(vec3 p, vec3 way, float far) {
  float s = 1.0;
  s *= behind(p, way, far, vec4(-0.15, 1.25, -0.75, 0.48));
  s *= behind(p, way, far, vec4(-0.15, 2.1, -0.72, 0.34));
  s *= behind(p, way, far, vec4(1.3, 1.25, -0.6, 0.28));
  s *= behind(p, way, far, vec4(-1.82, 0.55, 0.6, 0.42));
  s *= behind(p, way, far, vec4(2.02, 0.6, 0.5, 0.42));
  s *= behind(p, way, far, vec4(-1.1, 1.35, 0.1, 0.2));
  return mix(0.3, 1.0, s);
}
#else
#define shade(p, way, far) 1.0
#endif

vec3 lamp(vec3 p, vec3 n, vec3 from, vec3 colour, float reach, float wrap) {
  vec3 to = from - p;
  float d = length(to);
  float fall = 1.0 / (1.0 + d * d / (reach * reach));
  return colour * (lit(n, to / d, wrap) * fall);
}

vec3 light(vec3 p, vec3 n, vec3 eye) {
  vec3 sum = mix(vec3(0.085, 0.06, 0.13), vec3(0.10, 0.13, 0.31), n.y * 0.5 + 0.5);
  vec3 toLamp = normalize(LAMP_AT - p);
  sum += lamp(p, n, LAMP_AT, vec3(1.9, 1.22, 0.76) * 1.5, 2.7, 0.25) * shade(p, toLamp, 6.0);
  sum += lamp(p, n, FIRE_AT, vec3(5.6, 1.9, 0.42) * uFire, 1.75, 0.35);
  sum += lamp(p, n, BALL_AT, vec3(0.22, 1.65, 1.42) * uBall, 0.9, 0.4);
  sum += lamp(p, n, CANDLE_AT, vec3(2.3, 1.15, 0.36) * uCandle, 0.6, 0.4);
  // Moonlight from the window draws the edges of whoever stands before it.
  vec3 toMoon = normalize(vec3(1.3, 3.2, -3.4) - p);
  sum += vec3(0.16, 0.28, 0.85) * lit(n, toMoon, 0.0) * 0.9;
  float edge = 1.0 - max(0.0, dot(n, eye));
  sum += vec3(0.20, 0.34, 0.80) * edge * edge * edge * (0.35 + 0.65 * max(0.0, n.y));
  return sum;
}

vec3 seen(vec3 p, vec3 n, vec3 eye, vec4 paint) {
  vec3 colour = paint.rgb * (light(p, n, eye) * (1.0 - paint.a) + paint.a * 1.15);
  colour = colour * (1.0 + colour * 0.12) / (1.0 + colour * 0.42);
  return pow(max(colour, 0.0), vec3(1.0 / 2.2));
}
`;

const VERTEX = /* glsl */ `
attribute vec4 paint;
#ifdef PER_PIXEL
varying vec3 vAt;
varying vec3 vNormal;
varying vec4 vPaint;
#else
${LIGHTS}
varying vec3 vColour;
#endif

void main() {
  #ifdef USE_INSTANCING
  mat4 place = modelMatrix * instanceMatrix;
  #else
  mat4 place = modelMatrix;
  #endif
  vec4 at = place * vec4(position, 1.0);
  vec3 n = normalize(mat3(place) * normal);
  gl_Position = projectionMatrix * viewMatrix * at;
  #ifdef PER_PIXEL
  vAt = at.xyz;
  vNormal = n;
  vPaint = paint;
  #else
  vColour = seen(at.xyz, n, normalize(cameraPosition - at.xyz), paint);
  #endif
}
`;

const FRAGMENT = /* glsl */ `
#ifdef PER_PIXEL
varying vec3 vAt;
varying vec3 vNormal;
varying vec4 vPaint;
${LIGHTS}
float grain(vec3 p) {
  vec3 i = floor(p);
  vec3 f = fract(p);
  f = f * f * (3.0 - 2.0 * f);
  vec4 k = vec4(0.0, 157.0, 113.0, 270.0);
  float h = dot(i, vec3(1.0, 157.0, 113.0));
  vec4 a = fract(sin(k + h) * 43758.5453);
  vec4 b = fract(sin(k + h + 1.0) * 43758.5453);
  vec4 x = mix(a, b, f.x);
  vec2 y = mix(x.xz, x.yw, f.y);
  return mix(y.x, y.y, f.z);
}
void main() {
  vec3 n = normalize(vNormal);
  if (!gl_FrontFacing) n = -n;
  // A brush's unevenness, so that nothing looks cast from plastic.
  float brush = grain(vAt * vec3(9.0, 9.0, 9.0)) * 0.6 + grain(vAt * 31.0) * 0.4;
  vec4 paint = vec4(vPaint.rgb * (0.86 + 0.28 * brush), vPaint.a);
  gl_FragColor = vec4(seen(vAt, n, normalize(cameraPosition - vAt), paint), 1.0);
}
#else
varying vec3 vColour;
void main() {
  gl_FragColor = vec4(vColour, 1.0);
}
#endif
`;

export type Painted = ShaderMaterial & {
  uniforms: { uFire: { value: number }; uBall: { value: number }; uCandle: { value: number } };
};

export function paintedMaterial(perPixel: boolean): Painted {
  return new ShaderMaterial({
    uniforms: { uFire: { value: 1 }, uBall: { value: 1 }, uCandle: { value: 1 } },
    defines: perPixel ? { PER_PIXEL: "" } : {},
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    side: 2,
  }) as Painted;
}
