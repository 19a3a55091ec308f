import { type RefObject, useEffect, useState } from "react";
import type { Covered } from "./camera";

/** The size of an element that style sheets stretch to what lies over the room: theirs to say, in any unit. */
export function useCovered(gauge: RefObject<HTMLElement | null>): Covered {
  const [covered, setCovered] = useState<Covered>({ right: 0, bottom: 0 });
  useEffect(() => {
    const element = gauge.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setCovered({ right: element.offsetWidth, bottom: element.offsetHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, [gauge]);
  return covered;
}
