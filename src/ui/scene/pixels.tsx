import { useThree } from "@react-three/fiber";
import { useLayoutEffect } from "react";

type Props = { most: number; onRatio: (ratio: number) => void };

/** As sharp as the screen, as long as a frame has no more pixels than the machine bears. */
export function Pixels({ most, onRatio }: Props) {
  const { size } = useThree();
  useLayoutEffect(() => {
    const bearable = Math.sqrt(most / Math.max(1, size.width * size.height));
    onRatio(Math.min(devicePixelRatio, 2, bearable));
  }, [most, size, onRatio]);
  return null;
}
