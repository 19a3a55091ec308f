import { fiatText, satsText } from "./amounts";
import styles from "./sats.module.css";

/** An amount, with its rough value in dollars beside it where the price of a bitcoin is known. */
export function Sats({ amount, btcPriceUsd }: { amount: number; btcPriceUsd?: number | undefined }) {
  return (
    <span className={styles.sats}>
      <span className="amount">{satsText(amount)}</span>
      {btcPriceUsd !== undefined && <small className={styles.fiat}>{fiatText(amount, btcPriceUsd)}</small>}
    </span>
  );
}
