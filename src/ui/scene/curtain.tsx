import { useFrame, useThree } from "@react-three/fiber";
import { useEffect, useRef } from "react";

/** Tells when there is something to be seen, and when the machine takes it away or gives it back. */
export function Curtain({ onShown }: { onShown: (shown: boolean) => void }) {
  const { gl, invalidate } = useThree();
  const open = useRef(false);

  useEffect(() => {
    const canvas = gl.domElement;
    const lost = (event: Event) => {
      // Without this a browser never restores the context.
      event.preventDefault();
      open.current = true;
      onShown(false);
    };
    const restored = () => {
      open.current = false;
      invalidate();
    };
    canvas.addEventListener("webglcontextlost", lost);
    canvas.addEventListener("webglcontextrestored", restored);
    return () => {
      canvas.removeEventListener("webglcontextlost", lost);
      canvas.removeEventListener("webglcontextrestored", restored);
    };
  }, [gl, invalidate, onShown]);

  useFrame(() => {
    if (open.current) return;
    open.current = true;
    // This frame is drawn after the figures have moved: it is on screen with the next one.
    requestAnimationFrame(() => onShown(true));
  });
  return null;
}
