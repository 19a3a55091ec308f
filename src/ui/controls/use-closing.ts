"use client";

import { type RefObject, useEffect } from "react";

/**
 * Closes what a button has opened in `place` when Escape is pressed, with focus going back to the button, or when
 * somebody presses outside of it.
 */
export function useClosing(
  open: boolean,
  setOpen: (open: false) => void,
  { place, button }: { place: RefObject<HTMLElement | null>; button: RefObject<HTMLElement | null> },
): void {
  useEffect(() => {
    if (!open) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      button.current?.focus();
    };
    const onPress = ({ target }: PointerEvent) => {
      if (!(target instanceof Node) || !place.current?.contains(target)) setOpen(false);
    };
    document.addEventListener("keydown", onKey);
    document.addEventListener("pointerdown", onPress);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("pointerdown", onPress);
    };
  }, [open, setOpen, place, button]);
}
