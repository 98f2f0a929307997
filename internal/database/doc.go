// Package database is the ground that everything durable stands on: one SQLite
// file inside the process, or one PostgreSQL database, behind the same reads and
// writes. It guarantees that a write which was answered without an error is on
// the disk, whole, and that a write which was answered with an error left nothing
// behind (one exception: see "When the answer is lost").
//
// # Reading
//
// [DB.Read] runs queries on connections that cannot write. A read never waits for
// a write; it sees what was committed when it began.
//
// # Writing
//
// All changes go through [DB.Write], which names the organization that is changed,
// or [DB.Record], for bookkeeping that no organization's log tells about. Both take
// a function, and gather the functions of everybody who writes at the same moment
// into one transaction: one trip to the disk then pays for hundreds of writes. A
// function that fails undoes only itself.
//
//	err := db.Write(ctx, org, func(ctx context.Context, tx *database.Tx) error {
//		seq, err := tx.NextSequence(ctx)
//		if err != nil {
//			return err
//		}
//		_, err = tx.Exec(ctx, `insert into notes (org_id, seq, text) values ($1, $2, $3)`, org, seq, text)
//		return err
//	})
//
// Writes of one organization run one after another, on every node: each sees all
// that the ones before it did, so reading before writing is safe inside one, and
// the order of commits is the order of [Tx.NextSequence], without a gap.
//
// A function may run more than once (after a deadlock, or when a neighbour broke
// the transaction they shared); its effects in the database happen once. So it
// must not touch anything else: what follows from the commit goes to
// [Tx.AfterCommit]. It should be quick, as its neighbours wait for it, and must
// never wait for the network.
//
// A statement that fails decides the function: later ones answer the same error,
// and so does Write even if the function returns nil. Rows must be read to their
// end or closed before the next statement.
//
// # Statements
//
// Placeholders are $1, $2, …, on both engines; times are integers. Text is bound
// as a string: a []byte is stored as bytes, which SQLite compares with no text.
// The engines' few differences have names in dialect.go. No argument of a
// statement is ever logged.
//
// # What is kept
//
// [Cache] keeps what was made of rows, up to a size. Nothing in it is believed: whoever
// takes something from it asks the database, in the statement that it would need
// anyway, whether the row still has the sequence that it had. So what another process
// changes is seen at once, and a cache that is empty only costs time.
//
// # Errors
//
// A database that is away, overloaded or locked answers parley.Unavailable, and so
// does a disk that fails; a quota that is used up looks like that on SQLite. A full
// disk answers parley.InsufficientSpace. All say when to try again: as soon as there
// is a database, or room, writes go on by themselves. [DB.Writable] tells whether the
// disk takes them. [IsUnique] tells a row that exists already.
//
// # When the answer is lost
//
// If the connection to PostgreSQL breaks while a commit is on its way, nobody can
// tell at once whether it happened. Write then answers parley.Unavailable although
// the write may be there.
package database
