package database

import "parley"

// WithoutGroupCommit makes each write a transaction of its own, to measure what
// gathering them gains. It must be called before the first write.
func (db *DB) WithoutGroupCommit() {
	for _, l := range append(db.lanes, db.records) {
		l.largest = 1
	}
}

// Waiting is how many writes wait in the lane of org, in that of the records if it
// is empty.
func (db *DB) Waiting(org parley.OrganizationID) int {
	l := db.records
	if org != "" {
		l = db.laneOf(org)
	}
	l.queue.mu.Lock()
	defer l.queue.mu.Unlock()
	return len(l.queue.jobs)
}
