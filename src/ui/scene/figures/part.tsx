import type { ReactNode, Ref } from "react";
import type { BufferGeometry, Group } from "three";
import { useStage } from "../stage";

type Props = {
  shape?: BufferGeometry;
  at?: readonly [number, number, number];
  hold?: Ref<Group>;
  children?: ReactNode;
};

/** A limb: what turns about one point, with what hangs on it. */
export function Part({ shape, at = [0, 0, 0], hold, children }: Props) {
  const { material } = useStage();
  return (
    <group position={[...at]} {...(hold ? { ref: hold } : {})}>
      {shape && <mesh geometry={shape} material={material} frustumCulled={false} />}
      {children}
    </group>
  );
}
