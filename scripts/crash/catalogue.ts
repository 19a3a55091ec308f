import type { WayName } from "./driver/ways";

export type Point = {
  /** A way of a visitor that leads here; without one every way does, or the start of a server. */
  by?: WayName;
  /** Passed all the time: the process dies at some later passing, so that it is caught in many situations. */
  often?: true;
  /** Known, and not demanded: it takes hours, or a fault, to come here. */
  rare?: true;
};

/**
 * Every commit and every call outside, by the function that makes it. The run fails if one of them was not died at
 * often enough, and if the server passes one that is missing here.
 */
export const CATALOGUE: Readonly<Record<string, Point>> = {
  // What is counted for the metrics, every few seconds. Losing it loses no money.
  "commit metric-store.addCounts": { rare: true },
  // Nor does losing who is in the room, what was said there long ago, and that a worker lives.
  "commit workshop-store.keepPresence": { rare: true },
  "commit workshop-store.eraseLinesBefore": { rare: true },
  "commit operator-store.beat": { rare: true },
  "commit note-installation-fact": { rare: true },
  // A job is asked for.
  "commit rate_limit:rlflx-upsert": { often: true },
  "commit rate_limit:rlflx-delete": { rare: true },
  "wallet.createInvoice in job-service.create": { often: true },
  "commit job-service.create": { often: true },
  // Its payments are noticed.
  "commit dev-pay-service.bookLater": { by: "devPaid" },
  "wallet.devPayer.pay in dev-pay-service.pay": { by: "devPaid" },
  "wallet.lookUpPayment in dev-pay-service.book": { by: "devPaid" },
  "commit dev-pay-service.close": { by: "devPaid" },
  "commit dev-pay-service.later": { by: "devUnheard" },
  "commit invoice-store.claimLookUp": { by: "polling" },
  "wallet.lookUpInvoice in invoice-service.lookUp": { often: true },
  "commit invoice-store.claimDue": { often: true },
  "wallet.lookUpInvoices in invoice-service.sweep": {},
  "commit invoice-store.scheduleCheck": {},
  "commit invoice-store.callBackPutOff": { rare: true },
  "commit invoice-service.settle": { often: true },
  "commit invoice-service.expire": { by: "evalExpired" },
  "commit job-service.cancel": { by: "cancelled" },
  // It is judged.
  "commit job-store.beginAttempt": { often: true },
  "agent.judge": { often: true },
  "price.fetch": {},
  "commit sql btc_price": {},
  "commit job-evaluation.decideWhoPays": { often: true },
  "wallet.createInvoice in job-evaluation.askForPayment": { often: true },
  "commit job-evaluation.askForPayment": { often: true },
  "commit job-evaluation.finish": { by: "rejected" },
  "commit job-evaluation.tryAgain (task)": { by: "judgeDown" },
  "commit job-tasks.rescue-jobs": { by: "taskLost" },
  // It is done.
  "commit job-store.beginWork": {},
  "agent.work": {},
  "agent.work piece": { often: true },
  "commit job-store.appendDelta": { often: true },
  "commit job-work.complete": {},
  "commit job-work.fail": { by: "workRefused" },
  "commit job-work.tryAgain (task)": { by: "workBroken" },
  // What is owed is paid out.
  "address.resolve": { by: "toAddress" },
  "commit payout-service.offerCode": { by: "byCode" },
  "commit payout-service.claim": {},
  "commit payout-service.claimWithCode": { by: "byCode" },
  "commit payout-service.sameAgain": { by: "claimedAgain" },
  "commit payout-sending.send": {},
  "wallet.pay in payout-sending.send": {},
  "commit payout-sending.send (task)": { by: "payoutLost" },
  "wallet.lookUpPayment in payout-sending.lookUp": { by: "payoutUnheard" },
  "commit payout-sending.again (task)": { by: "payoutPending" },
  "commit payout-sending.putBack": { by: "payoutLate" },
  "commit payout-sending.hold": {},
  "wallet.lookUpPayment in payout-sending.giveUp": { by: "givenUp" },
  "commit payout-sending.giveUp (task)": { by: "givenUp" },
  "commit payout-tasks.rescue-payouts": { rare: true },
  "commit payout-sending.settle": {},
  "commit payout-sending.fail": { by: "payoutFails" },
  "commit idempotency-store.keepUnlessKept": { by: "claimedTwice" },
  // A session is opened, and its balance is topped up.
  "commit trust-service.visited": { by: "freeRequests" },
  "wallet.createInvoice in session-service.create": { by: "notAsked" },
  "commit session-service.create": { by: "notAsked" },
  "wallet.createInvoice in session-service.topup": { by: "toppedUp" },
  "commit session-service.topup": { by: "toppedUp" },
  "commit session-service.close": { by: "notAsked" },
  "commit payout-service.credit": { by: "refundedInto" },
  // Its requests, and answers that are sold singly.
  "wallet.createInvoice in ask-service.challenge": { by: "answerBought" },
  "commit ask-service.challenge": { by: "answerBought" },
  "commit session-request-store.beginRequest": { by: "asked" },
  "commit session-request-store.settleRequest": { by: "asked" },
  // Only where an identity changes between looking at it and writing, three times in a row.
  "commit session-requests.begunBy": { rare: true },
  "commit session-requests.settleWithTrust": { rare: true },
  "commit session-request-store.settleUnlessChanged": { by: "freeRequests" },
  // A node is ordered, made step by step, and given out; or what was made of it is removed.
  "wallet.createInvoice in bootstrap-service.create": { by: "node" },
  "commit bootstrap-service.create": { by: "node" },
  "commit bootstrap-store.beginRun": { by: "node" },
  "commit bootstrap-provision.makeKeyPair": { by: "node" },
  "commit bootstrap-provision.makePart": { by: "node", often: true },
  "node.make sshKey": { by: "node" },
  "node.make authKey": { by: "node" },
  "node.make volume": { by: "node" },
  "node.make server": { by: "node" },
  "node.findAddress": { by: "node" },
  "commit bootstrap-provision.awaitAddress": { by: "node" },
  "node.checkHealth": { by: "node" },
  "commit bootstrap-provision.say": { by: "nodeStarting" },
  "commit bootstrap-provision.conclude (task)": { by: "nodeStarting" },
  "commit bootstrap-provision.conclude": { by: "node" },
  "commit bootstrap-service.takeKey": { by: "node" },
  "node.remove server": { by: "nodeBroken" },
  "node.remove volume": { by: "nodeBroken" },
  "node.remove authKey": { by: "nodeBroken" },
  "node.remove sshKey": { by: "nodeBroken" },
  "commit bootstrap-store.markRemoved": { by: "nodeBroken", often: true },
  "commit bootstrap-store.endRemoval": { by: "nodeBroken" },
  // Only where another process is at it still, or where its task was lost long ago.
  "commit bootstrap-provision.enqueueRun": { rare: true },
  "commit bootstrap-removal.enqueueRun": { rare: true },
  "commit bootstrap-tasks.rescue-nodes": { rare: true },
  // It is forgotten.
  "commit job-service.deleteText": { by: "textDeleted" },
  "commit job-tasks.erase-old-texts": { by: "textForgotten" },
  "commit idempotency-store.deleteBefore": { by: "textForgotten" },
  "commit session-request-store.eraseOldTexts": { by: "requestRejected" },
  "commit identity-store.forget": { rare: true },
  // The books are proven.
  "wallet.lookUpInvoices in books-proof.compare": {},
  "wallet.lookUpPayment in books-proof.takenFor": {},
  "wallet.balance in books-proof.compare": {},
  "commit ledger-service.balanceSheet": {},
  "commit books-service.openIfNew": {},
  "commit books-store.keepReading": {},
  "commit books-store.deleteReadingsBefore": {},
  "commit books-tasks.prove-books": {},
  // The queue, and the start of a server.
  "commit pool-service.seedIfNew": {},
  "commit main.begin (task)": {},
  "commit get_job": { often: true },
  "commit complete_job": { often: true },
  "commit dead-workers.reapDeadWorkers": {},
  "commit sql _private_known_crontabs": {},
  "commit sql _private_tasks": {},
  "wallet.balance in container.readiness": {},
  "commit cron": { rare: true },
  "commit fail_job": { rare: true },
  "commit clear_stale_locks": { rare: true },
};
