import { creditSats, msat, type Sats, sats } from "~/core/money";
import type { Database } from "~/db/client";
import type { InvoiceState } from "~/modules/invoices/invoice";
import type { PayoutMethod, PayoutState, ShownPayout } from "~/modules/payouts/payout";
import type { NodePart } from "~/ports/node-provider";
import type { BootstrapState } from "./bootstrap";

/** An order with all that its view is made of, of one snapshot. */
export type BootstrapRecord = {
  id: string;
  state: BootstrapState;
  createdAt: Date;
  stateChangedAt: Date;
  changeSeq: number;
  provider: string | null;
  message: string | null;
  errorMessage: string | null;
  nodeIp: string | null;
  tailscaleHostname: string | null;
  lnbitsUrl: string | null;
  /** Those that are made. */
  parts: NodePart[];
  /** The private key is still here to be given out. */
  keyWaiting: boolean;
  owedSats: Sats;
  invoice: {
    paymentHash: string;
    paymentRequest: string;
    amountSats: Sats;
    expiresAt: Date;
    state: InvoiceState;
    lookedUpAt: Date | null;
  };
  payout: ShownPayout | null;
};

const READ_ORDER = {
  name: "read-bootstrap",
  text: `
    SELECT b.id, b.state, b.created_at, b.state_changed_at, b.change_seq, b.provider, b.message, b.error_message,
      ARRAY(SELECT part FROM bootstrap_part WHERE order_id = b.id AND made_at IS NOT NULL) AS parts,
      b.server_ip, b.tailscale_hostname, b.lnbits_url, b.sealed_private_key IS NOT NULL AS key_waiting,
      coalesce(o.balance_msat, 0) + coalesce(f.balance_msat, 0) AS owed_msat,
      i.payment_hash, i.payment_request, i.amount_sats, i.expires_at, i.state AS i_state, i.looked_up_at,
      p.state AS p_state, p.method AS p_method, p.amount_sats AS p_sats
    FROM bootstrap_order b
    JOIN invoice i ON i.order_id = b.id AND i.purpose = 'fee'
    LEFT JOIN ledger_account o ON o.kind = 'owed' AND o.owner = b.id::text
    LEFT JOIN ledger_account f ON f.kind = 'in_flight' AND f.owner = b.id::text
    LEFT JOIN LATERAL (SELECT state, method, amount_sats FROM payout WHERE order_id = b.id ORDER BY created_at DESC LIMIT 1) p ON true
    WHERE b.id = $1`,
} as const;

/** As pg delivers it: bigint columns come as decimal text. */
type Row = {
  id: string;
  state: BootstrapState;
  created_at: Date;
  state_changed_at: Date;
  change_seq: number;
  provider: string | null;
  message: string | null;
  error_message: string | null;
  parts: NodePart[];
  server_ip: string | null;
  tailscale_hostname: string | null;
  lnbits_url: string | null;
  key_waiting: boolean;
  owed_msat: string;
  payment_hash: string;
  payment_request: string;
  amount_sats: string;
  expires_at: Date;
  i_state: InvoiceState;
  looked_up_at: Date | null;
} & ({ p_state: null } | { p_state: PayoutState; p_method: PayoutMethod; p_sats: string });

/** Reads an order as it stands; null where there is none. */
export async function readBootstrap(db: Database, id: string): Promise<BootstrapRecord | null> {
  const { rows } = await db.pool.query<Row>({ ...READ_ORDER, values: [id] });
  const [row] = rows;
  if (!row) return null;
  return {
    id: row.id,
    state: row.state,
    createdAt: row.created_at,
    stateChangedAt: row.state_changed_at,
    changeSeq: row.change_seq,
    provider: row.provider,
    message: row.message,
    errorMessage: row.error_message,
    parts: row.parts,
    nodeIp: row.server_ip,
    tailscaleHostname: row.tailscale_hostname,
    lnbitsUrl: row.lnbits_url,
    keyWaiting: row.key_waiting,
    owedSats: creditSats(msat(BigInt(row.owed_msat))),
    invoice: {
      paymentHash: row.payment_hash,
      paymentRequest: row.payment_request,
      amountSats: satsOf(row.amount_sats),
      expiresAt: row.expires_at,
      state: row.i_state,
      lookedUpAt: row.looked_up_at,
    },
    payout: row.p_state === null ? null : { state: row.p_state, method: row.p_method, amountSats: satsOf(row.p_sats) },
  };
}

const satsOf = (column: string): Sats => sats(BigInt(column));
