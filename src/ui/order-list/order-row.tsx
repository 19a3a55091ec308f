"use client";

import Link from "next/link";
import { problemOf } from "~/ui/api/problem";
import { satsText } from "~/ui/controls/amounts";
import { Button } from "~/ui/controls/button";
import { LocalTime } from "~/ui/controls/local-time";
import { orderListTexts } from "~/ui/texts/order-list";
import styles from "./order-row.module.css";

const t = orderListTexts;

type Props = {
  name: string;
  href: string;
  createdAt: string;
  /** What the server says of it, as far as it was heard. */
  told: { isError: boolean; error: unknown };
  state: string | undefined;
  owedSats: number | undefined;
  /** What else is worth knowing at a glance. */
  more?: string | false | undefined;
  onForget: () => void;
};

/** One order in a list of them: how it stands, what there is to claim, and the way to it. */
export function OrderRow({ name, href, createdAt, told, state, owedSats = 0, more, onForget }: Props) {
  const gone = told.isError && problemOf(told.error).status === 404;
  return (
    <li className={styles.row}>
      {gone ? (
        <span className={styles.name}>{name}</span>
      ) : (
        <Link href={href} className={styles.name}>
          {name}
        </Link>
      )}
      <span className={styles.date}>
        <LocalTime iso={createdAt} />
      </span>
      <span className={styles.state}>
        {gone ? t.gone : (state ?? (told.isError ? t.unreached : "…"))}
        {owedSats > 0 && <span className={styles.sum}>{t.owed(satsText(owedSats))}</span>}
        {more && <span className={styles.sum}>{more}</span>}
        {gone && (
          <Button look="quiet" aria-label={t.forgetOne(name)} onClick={onForget}>
            {t.forget}
          </Button>
        )}
      </span>
    </li>
  );
}
