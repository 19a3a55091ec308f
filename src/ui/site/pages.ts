import { texts } from "~/ui/texts";

const t = texts.siteNav;

/** The pages that one turns to from the workshop, in the order of every menu. */
export const PAGES = [
  { href: "/sessions", name: t.sessions },
  { href: "/bootstrap", name: t.nodes },
  { href: "/pool", name: t.pool },
  { href: "/pricing", name: t.pricing },
  { href: "/docs", name: t.docs },
] as const;
