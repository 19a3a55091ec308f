"use client";

import { useEffect, useRef } from "react";

/**
 * When what had the focus went away with a change (the pay button, once paid), focus goes to the heading of what came
 * instead and not back to the top of the page. Whoever was elsewhere is left alone.
 */
export function useFocusAfterChange(state: string | undefined) {
  const main = useRef<HTMLElement>(null);
  const wasInside = useRef(false);
  const before = useRef(state);

  useEffect(() => {
    const note = () => {
      wasInside.current = main.current?.contains(document.activeElement) ?? false;
    };
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, []);

  useEffect(() => {
    const changed = before.current !== undefined && before.current !== state;
    before.current = state;
    if (!changed || !wasInside.current || document.activeElement !== document.body) return;
    main.current?.querySelector<HTMLElement>("[data-takes-focus]")?.focus();
  }, [state]);

  return main;
}
