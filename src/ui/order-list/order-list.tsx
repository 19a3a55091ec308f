"use client";

import { type ReactNode, useState } from "react";
import { Button } from "~/ui/controls/button";
import { orderListTexts } from "~/ui/texts/order-list";
import styles from "./order-list.module.css";

/** Each row asks the server for its state. */
const ROWS_AT_ONCE = 8;

type Props = {
  id: string;
  heading: string;
  /** Shown when there are no rows: an invitation. */
  empty: string;
  /** The rows, newest first. */
  children: readonly ReactNode[];
};

/** What was ordered from this browser, a few at once. */
export function OrderList({ id, heading, empty, children }: Props) {
  const [rows, setRows] = useState(ROWS_AT_ONCE);
  const hidden = children.length - rows;
  return (
    <section className={styles.list} aria-labelledby={id}>
      <h2 id={id}>{heading}</h2>
      {children.length === 0 ? <p className={styles.empty}>{empty}</p> : <ul>{children.slice(0, rows)}</ul>}
      {hidden > 0 && (
        <Button look="quiet" onClick={() => setRows(rows + ROWS_AT_ONCE)}>
          {orderListTexts.more(Math.min(hidden, ROWS_AT_ONCE))}
        </Button>
      )}
    </section>
  );
}
