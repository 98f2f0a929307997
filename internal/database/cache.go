package database

import (
	"github.com/maypok86/otter/v2"

	"parley"
)

// cacheSize is how many bytes a cache may hold, as those who fill it count them.
const cacheSize = 16 << 20

// Cache is room for what has been made of rows, for as long as the database is open;
// what is used least goes first. It knows nothing of changes: whoever takes a value
// from it has to ask the database whether the row is still as it was.
type Cache struct {
	values *otter.Cache[rowName, cached]
}

// rowName names a row: no two rows of an organization have the same id.
type rowName struct {
	org parley.OrganizationID
	id  string
}

type cached struct {
	value any
	size  int
}

func newCache() *Cache {
	return &Cache{otter.Must(&otter.Options[rowName, cached]{
		MaximumWeight: cacheSize,
		Weigher:       func(_ rowName, c cached) uint32 { return uint32(c.size) },
	})}
}

// Get gives what was kept of a row, nil if nothing is.
func (c *Cache) Get(org parley.OrganizationID, id string) any {
	found, _ := c.values.GetIfPresent(rowName{org, id})
	return found.value
}

// Put keeps a value of size bytes, and forgets what was kept of the row before. It
// must come from what is committed, and nobody may change it any more.
func (c *Cache) Put(org parley.OrganizationID, id string, value any, size int) {
	c.values.Set(rowName{org, id}, cached{value, size})
}
