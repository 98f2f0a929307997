// Package mirror copies an organization's objects and events into a database of the
// user's, and keeps following: a follower outside the house, which knows what the
// public API tells and nothing else.
//
// # What it guarantees
//
// What a batch changes in the target and how far the mirror has come are one
// transaction. So a mirror that dies at any moment goes on where it was, and each
// event is in the target once. Once the mirror has caught up with an event, every
// object is in the target as it was after that event, and what was deleted is gone.
//
// # How it goes
//
// First the log that is kept is recorded, up to its head. Then each noun is copied,
// in order of change. Then the events after that head are followed: their data are
// the new rows. An object that a page showed newer than an event does stays as it
// is, for each row carries its sequence; one that was deleted while it was copied is
// deleted by the event that follows. Nothing is applied before all is copied, so no
// page can bring back what an event has deleted.
//
// If the log no longer keeps what follows, the mirror takes stock: it records what is
// kept, copies what changed since, and compares the ids that there are with those in
// the target, whose surplus goes. Then it follows again.
//
// What the log tells of a contact that is erased is rewritten, which no event shows
// but contact.erased: the mirror then reads the events again that it has.
package mirror
