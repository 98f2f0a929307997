/**
 * Keeps what is to be done once from being done twice.
 *
 * once does the work, unless work under this id was done before: then it does nothing and
 * resolves to true. While the same work is under way elsewhere it waits for what becomes of
 * that. Work that rejects counts as not done, and once rejects with its error.
 *
 * @template [Tx=undefined]
 * @typedef {{once(id: string, work: (tx: Tx) => Promise<void>): Promise<boolean>}} Dedup
 */

/**
 * Remembers the last so many ids for as long as the process runs. It is for programs
 * without a database: an event that comes again after a restart, to another process, or
 * after so many others, is done again.
 *
 * @param {number} [most]
 * @returns {Dedup}
 */
export function inMemory(most = 10_000) {
  if (!(most >= 1)) throw new TypeError("inMemory must remember at least one id");
  /** @type {Map<string, Promise<void>>} */
  const underWay = new Map();
  /** @type {Set<string>} */
  const done = new Set(); // in the order in which they were done
  return {
    async once(id, work) {
      for (let twin; (twin = underWay.get(id)) !== undefined; ) await twin.catch(() => {});
      if (done.has(id)) return true;
      const doing = Promise.resolve().then(() => work(undefined));
      underWay.set(id, doing);
      try {
        await doing;
      } finally {
        underWay.delete(id);
      }
      done.add(id);
      if (done.size > most) done.delete(/** @type {string} */ (done.values().next().value));
      return false;
    },
  };
}

/**
 * Keeps the ids in a table of the program's own database, with whatever client it has: the
 * id of an event is claimed first, in the transaction that the handler then works in, so
 * that the two are committed together or not at all.
 *
 * transaction runs a function in a transaction, commits it if the function resolves, rolls
 * it back if it rejects, and resolves or rejects as it did. claim inserts the id, and tells
 * whether it was new; where another transaction has inserted it and not ended yet, the
 * table's primary key has it wait.
 *
 * @template Tx
 * @param {{
 *   transaction: (run: (tx: Tx) => Promise<boolean>) => Promise<boolean>,
 *   claim: (tx: Tx, id: string) => Promise<boolean>,
 * }} database
 * @returns {Dedup<Tx>}
 */
export function inTransaction({ transaction, claim }) {
  return {
    once(id, work) {
      return transaction(async (tx) => {
        if (!(await claim(tx, id))) return true;
        await work(tx);
        return false;
      });
    },
  };
}

/**
 * Does all work, each time. It is for handlers to which the same event may come twice, or
 * twice at once, and no harm done.
 *
 * @returns {Dedup}
 */
export function withoutDedup() {
  return {
    async once(_, work) {
      await work(undefined);
      return false;
    },
  };
}
