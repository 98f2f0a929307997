// Package webhook delivers events to endpoints: every event that an endpoint
// subscribes to reaches it at least once, or stands as failed where everybody can
// see it, and no endpoint waits for another.
//
// The cursor is the queue. An endpoint has a place in its organization's log:
// everything up to it is dealt with, that is delivered, filtered out, or written
// down as an attempt that failed and when it will be tried again. Ahead of the
// cursor is a window of events on their way. Nothing is written for a delivery but
// the record of its attempt, and those are written in batches, the cursor with them.
//
// After a crash the engine goes on from the cursors and skips what the records show
// as done. What was on its way, or not yet recorded, is sent again: duplicates are
// bounded by one window for each endpoint and one flush of the recorder.
//
// How it is built:
//
//   - runner: one endpoint. A state machine under a lock; workers take the next job
//     from it (pick), send, and hand in the result (finish). An idle runner is a
//     struct: no goroutine, no timer.
//   - window: how many events may be on their way to an endpoint at once.
//   - health: when an endpoint counts as failing, and its probes.
//   - batch: what is sent with one request, where the format allows several events.
//   - retries: single deliveries that wait to be tried again.
//   - recorder: writes attempts and cursors in batches.
//   - place, following, back: a runner's place in the log, what is read ahead of it,
//     and its way back there.
//   - slots, shares: how many requests the process has under way, shared so that slow
//     endpoints cannot take the places of quick ones, nor one organization those of
//     others. strain: what follows when places are short.
//   - transform, auth, token: what is sent of an event, and how it shows where from.
//   - verify, ask: endpoints that have yet to answer their token.
//   - stats, figures: what the deliveries came to.
//   - engine: starts and ends all of them, and wakes runners when logs grow.
//   - shifts, parts: when this process delivers, and to which endpoints, if several do.
//   - load: makes a runner what its endpoint is, at the start and when it changes.
//
// Locks are taken in this order: a runner's, then the engine's or the recorder's,
// which are held for a moment only. Whoever is told of something by the database
// (Changed, Cursor, grown) takes the engine's alone.
package webhook
