"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useClosing } from "~/ui/controls/use-closing";
import { LoggedOut } from "~/ui/login/logged-out";
import { LoginCorner } from "~/ui/login/login-corner";
import { texts } from "~/ui/texts";
import { PAGES } from "./pages";
import styles from "./site-header.module.css";

const t = texts.siteNav;
const LINKS = [{ href: "/", name: t.workshop }, ...PAGES] as const;

/**
 * The head of every page: where one is, where one can go, who is logged in. `children` are what a page adds of its
 * own. On a narrow screen the links hide behind a button.
 */
export function SiteHeader({ children }: { children?: ReactNode }) {
  const pathname = usePathname();
  const [open, setOpen] = useState(false);
  const menu = useRef<HTMLButtonElement>(null);
  const header = useRef<HTMLElement>(null);
  const navId = useId();

  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is what closes the menu
  useEffect(() => setOpen(false), [pathname]);

  useClosing(open, setOpen, { place: header, button: menu });

  return (
    <header ref={header} className={styles.header}>
      <Link href="/" aria-label={texts.site.home} className={styles.home}>
        {texts.site.name}
      </Link>
      {children !== undefined && <div className={styles.own}>{children}</div>}
      <button
        ref={menu}
        type="button"
        className={styles.menu}
        aria-expanded={open}
        aria-controls={navId}
        onClick={() => setOpen(!open)}
      >
        <svg width="20" height="20" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
          <path
            d={open ? "M6 6l12 12M18 6L6 18" : "M4 7h16M4 12h16M4 17h16"}
            stroke="currentColor"
            strokeWidth="1.8"
            strokeLinecap="round"
          />
        </svg>
        <span>{t.menu}</span>
      </button>
      <div id={navId} className={styles.ways} data-open={open}>
        <nav aria-label={t.label}>
          <ul>
            {LINKS.map(({ href, name }) => (
              <li key={href}>
                <Link href={href} aria-current={isHere(href, pathname) ? "page" : undefined}>
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <LoginCorner />
      </div>
      <LoggedOut />
    </header>
  );
}

const isHere = (href: string, pathname: string): boolean =>
  href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`);
