import { useEffect, useState } from "react";
import { probe, type Tier } from "./tier";

/** The longest wait for a quiet moment, in milliseconds: a page that is never idle gets its room all the same. */
const LONGEST_WAIT = 4000;

/** A quiet moment after everything that the page needs has loaded. Returns how to call it off. */
function whenUsable(then: () => void): () => void {
  let cancel = () => {};
  const wait = () => {
    if (typeof requestIdleCallback === "function") {
      const id = requestIdleCallback(then, { timeout: LONGEST_WAIT });
      cancel = () => cancelIdleCallback(id);
    } else {
      const id = setTimeout(then, 500);
      cancel = () => clearTimeout(id);
    }
  };
  if (document.readyState === "complete") wait();
  else {
    addEventListener("load", wait, { once: true });
    cancel = () => removeEventListener("load", wait);
  }
  return () => cancel();
}

/** Somebody counts the bytes: the room stays drawn. */
const savesData = () => {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
};

/** Null until the page is usable, and for good where the room cannot be drawn. */
export function useTier(): Tier | null {
  const [tier, setTier] = useState<Tier | null>(null);
  useEffect(() => {
    if (savesData()) return;
    return whenUsable(() => setTier(probe()));
  }, []);
  return tier;
}
