"use client";

import { useEffect, useState } from "react";

/**
 * The part of the page that the address asks for. What it names appears only once the description has come, so the
 * browser's own jump finds nothing: when `there`, it is brought into view and given the focus.
 */
export function useHashTarget(there: boolean): string | null {
  const [target, setTarget] = useState<string | null>(null);

  useEffect(() => {
    const read = () => setTarget(decodeURIComponent(location.hash.slice(1)) || null);
    read();
    window.addEventListener("hashchange", read);
    return () => window.removeEventListener("hashchange", read);
  }, []);

  useEffect(() => {
    if (!there || target === null) return;
    const element = document.getElementById(target);
    element?.scrollIntoView();
    element?.focus({ preventScroll: true });
  }, [there, target]);

  return target;
}
