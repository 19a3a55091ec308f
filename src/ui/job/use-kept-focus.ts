"use client";

import { useEffect, useRef } from "react";

/**
 * When what had the focus goes away (the pay button, once paid), focus goes to the heading of what came instead and
 * not back to the top of the page. If focus was elsewhere, it stays there.
 */
export function useKeptFocus<T extends HTMLElement = HTMLElement>() {
  const main = useRef<T>(null);

  useEffect(() => {
    const place = main.current;
    if (!place) return;
    let inside = place.contains(document.activeElement);
    const came = () => {
      inside = true;
    };
    const went = ({ target }: FocusEvent) => {
      // Gone by the visitor's own doing, unless the element itself is gone or hidden.
      requestAnimationFrame(() => {
        const stillThere = target instanceof Element && target.checkVisibility();
        if (stillThere && !place.contains(document.activeElement)) inside = false;
      });
    };
    const changed = new MutationObserver(() => {
      if (!inside || document.activeElement !== document.body) return;
      place.querySelector<HTMLElement>("[data-takes-focus]")?.focus();
    });
    place.addEventListener("focusin", came);
    place.addEventListener("focusout", went);
    changed.observe(place, { childList: true, subtree: true });
    return () => {
      place.removeEventListener("focusin", came);
      place.removeEventListener("focusout", went);
      changed.disconnect();
    };
  }, []);

  return main;
}
