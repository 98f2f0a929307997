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
export function inMemory(most?: number): Dedup;
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
export function inTransaction<Tx>({ transaction, claim }: {
    transaction: (run: (tx: Tx) => Promise<boolean>) => Promise<boolean>;
    claim: (tx: Tx, id: string) => Promise<boolean>;
}): Dedup<Tx>;
/**
 * Does all work, each time. It is for handlers to which the same event may come twice, or
 * twice at once, and no harm done.
 *
 * @returns {Dedup}
 */
export function withoutDedup(): Dedup;
/**
 * Keeps what is to be done once from being done twice.
 *
 * once does the work, unless work under this id was done before: then it does nothing and
 * resolves to true. While the same work is under way elsewhere it waits for what becomes of
 * that. Work that rejects counts as not done, and once rejects with its error.
 */
export type Dedup<Tx = undefined> = {
    once(id: string, work: (tx: Tx) => Promise<void>): Promise<boolean>;
};
