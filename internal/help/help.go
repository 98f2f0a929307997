// Package help holds the verbs of the help center: portals, their categories and their
// articles. Each verb is one transaction. Articles are found by their words: see [Words].
package help

import (
	"context"
	"fmt"
	"strconv"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
)

// Help is the verbs.
type Help struct {
	Portals    *noun.Noun[parley.Portal, parley.PortalEvent]
	Categories *noun.Noun[parley.Category, parley.CategoryEvent]
	Articles   *Articles
}

// New makes the verbs on a database and its log.
func New(db *database.DB, log *eventlog.Log) *Help {
	h := &Help{Categories: newCategories(db, log), Articles: newArticles(db, log)}
	h.Portals = newPortals(db, log, h.deletingPortal)
	return h
}

// maxCounted is how far the articles are counted that stand in the way of a deletion.
const maxCounted = 10_000

// articlesIn refuses to leave articles without the place that they stand in: column
// says what names it.
func articlesIn(ctx context.Context, tx *database.Tx, org parley.OrganizationID, place, column, id string) error {
	n, err := store.Articles.Count(ctx, tx, org, store.Where(column+" = ?", id), maxCounted)
	if err != nil || n == 0 {
		return err
	}
	return parley.Errorf(parley.Conflict, "The %s has %s: empty it first (GET /v1/articles?%s=%s).", place, counted(n), column, id)
}

func counted(n int) string {
	switch n {
	case 1:
		return "1 article"
	case maxCounted:
		return strconv.Itoa(n) + " articles or more"
	}
	return fmt.Sprintf("%d articles", n)
}
