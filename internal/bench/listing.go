package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"parley/internal/account"
)

// fewConversations is how many the short list has, which a long one is compared with.
const fewConversations = 1000

const pageSize = 50

// listing is a page that is asked for again and again.
type listing struct {
	path, key string
	took      []time.Duration
}

// measureListing measures whether a page takes longer in a long list, at its begin,
// in its middle, and of what a filter lets through.
func measureListing(ctx context.Context, r *run) (_ []Figure, err error) {
	w, err := r.newWorld(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	long, err := w.foundWithConversations(ctx, r.scale.listed)
	if err != nil {
		return nil, err
	}
	short, err := w.foundWithConversations(ctx, fewConversations)
	if err != nil {
		return nil, err
	}
	w.key = long.Key
	if err := w.start(ctx); err != nil {
		return nil, err
	}
	middle, err := w.walkTo(ctx, r.scale.middlePage()-1)
	if err != nil {
		return nil, err
	}
	const page = "/v1/conversations?limit=50"
	few, first, inside := &listing{path: page, key: short.Key}, &listing{path: page, key: long.Key}, &listing{path: page + "&cursor=" + middle, key: long.Key}
	all := []*listing{few, first, inside}
	filters := listFilters(long)
	for _, f := range filters {
		all = append(all, &listing{path: page + "&" + f, key: long.Key})
	}
	if err := w.timeListings(ctx, all); err != nil {
		return nil, err
	}
	slowest := slices.MaxFunc(all[3:], func(a, b *listing) int { return cmp.Compare(a.median(), b.median()) })
	many := "page of 50 of " + thousands(int64(r.scale.listed)) + " conversations, "
	how := fmt.Sprintf("the median of %d requests for the same page over one connection, in turns with those for another organization's %s in the same database",
		len(few.took), thousands(fewConversations))
	against := func(name string, l *listing, how string) Figure {
		return figure(many+name, l.median(), Seconds, how).against("of "+thousands(fewConversations), few.median()).atMost(2)
	}
	return []Figure{
		against("first page", first, how),
		against("page "+thousands(int64(r.scale.middlePage())), inside, how+"; its cursor was come by from page to page"),
		against("slowest filter", slowest, how+"; that was "+strings.TrimPrefix(slowest.path, page+"&")+" of "+strings.Join(filters, ", ")),
	}, nil
}

// listFilters let very many conversations through, some, few, or none.
func listFilters(of account.Founded) []string {
	return []string{
		"status=open", "status=pending", "status=snoozed", "inbox_id=" + string(of.Inbox.ID), "assignee_id=usr_01kaf000000000000000000003", "assignee_id=none",
		"contact_id=con_01kaf000000000000000007919", "status=resolved&contact_id=con_01kaf000000000000000007919", "label=vip", "label=nobodys",
	}
}

// median is how many seconds a page took mostly.
func (l *listing) median() float64 { return percentile(l.took, 50).Seconds() }

// middlePage is the page in the middle of a long list.
func (s scale) middlePage() int { return s.listed / pageSize / 2 }

func (w *world) foundWithConversations(ctx context.Context, count int) (account.Founded, error) {
	made, err := w.found(ctx)
	if err != nil {
		return made, err
	}
	return made, w.storeConversations(ctx, made.Organization.ID, made.Inbox.ID, count)
}

// walkTo walks over so many pages of fifty and gives the cursor of the next. Its steps
// are longer, as a cursor does not depend on them.
func (w *world) walkTo(ctx context.Context, pages int) (cursor string, err error) {
	tell := w.run.progress.step("walking through the list", int64(pages))
	for left := pages * pageSize; left > 0; {
		step := min(left, 200)
		var page struct {
			NextCursor string `json:"next_cursor"`
		}
		path := fmt.Sprintf("/v1/conversations?limit=%d&cursor=%s", step, url.QueryEscape(cursor))
		if err := w.api.do(ctx, http.MethodGet, path, nil, &page); err != nil {
			return "", err
		}
		cursor = page.NextCursor
		left -= step
		tell(int64(pages - left/pageSize))
	}
	return cursor, nil
}

// timeListings asks for pages in turns.
func (w *world) timeListings(ctx context.Context, listings []*listing) error {
	rounds := 100 * w.run.scale.rounds
	tell := w.run.progress.step("asking for pages", int64(rounds))
	asked := 0
	var begun time.Time
	return load{
		address: w.address(), connections: 1,
		next: func(_ int, buffer []byte) ([]byte, bool) {
			l := listings[asked%len(listings)]
			begun = time.Now()
			return appendRequest(buffer, http.MethodGet, l.path, l.key, nil), asked < rounds*len(listings)
		},
		answered: func(int) {
			l := listings[asked%len(listings)]
			l.took = append(l.took, time.Since(begun))
			asked++
			tell(int64(asked / len(listings)))
		},
	}.run(ctx)
}
