package database

import "parley"

// WithoutGroupCommit makes each write a transaction of its own, to measure what
// gathering them gains. It must be called before the first write.
func (db *DB) WithoutGroupCommit() {
	for _, l := range append(db.lanes, db.records) {
		l.largest = 1
	}
}

// Calm makes the last refusal of the disk one of long ago.
func (db *DB) Calm() {
	db.disk.mu.Lock()
	defer db.disk.mu.Unlock()
	db.disk.at = db.disk.at.Add(-calm)
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
