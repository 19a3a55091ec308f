import Link from "next/link";
import { lost } from "~/ui/texts/lost";
import { Button, buttonClass } from "./button";
import styles from "./lost-page.module.css";

type Props = {
  heading: string;
  text: string;
  again?: () => void;
  /** Within a page that has its own main part and heading. */
  inPage?: boolean;
};

/** A page for when there is nothing to show: what happened, and the way on. */
export function LostPage({ heading, text, again, inPage = false }: Props) {
  const Place = inPage ? "div" : "main";
  const Heading = inPage ? "h2" : "h1";
  return (
    <Place className={styles.page} data-in-page={inPage}>
      <svg viewBox="0 0 120 120" width="120" height="120" aria-hidden="true" className={styles.candle}>
        <path d="M60 26c8 0 6-9 1-13-1 5-9 6-7 14" fill="none" stroke="#c9c1b4" strokeWidth="2" opacity=".7" />
        <path d="M60 44V34" stroke="#c9c1b4" strokeWidth="3" strokeLinecap="round" />
        <path d="M48 46h24v46H48z" fill="#f3e9d2" />
        <path d="M48 46h24v6c-3 6-5 0-8 4s-4 12-7 4-5 2-9-6z" fill="#fffaf0" />
        <path d="M34 92h52l-6 12H40z" fill="#3a4069" />
      </svg>
      <Heading>{heading}</Heading>
      <p>{text}</p>
      <div className={styles.actions}>
        {again && (
          <Button look="primary" onClick={again}>
            {lost.again}
          </Button>
        )}
        <Link href="/" className={buttonClass(again ? "plain" : "primary")}>
          {lost.home}
        </Link>
      </div>
    </Place>
  );
}
