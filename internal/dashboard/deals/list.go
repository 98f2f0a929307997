package deals

import (
	"slices"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/store"
)

// pageSize is how many deals a page of the list has.
const pageSize = 50

// byChange sorts a list by when deals were changed last: those that nobody has touched
// for longest come first.
const byChange = "changed"

// listing is a page of the list.
type listing struct {
	view
	Deals       []parley.Deal
	Stages      map[parley.StageID]string
	Sort        string
	First, Next string
}

func list(r *page.Request, v view) error {
	l := listing{view: v, Stages: map[parley.StageID]string{}, Sort: r.Query("sort")}
	var exactly []clause
	if v.Query.Stage != "" {
		exactly = append(exactly, clause{"stage_id = ?", v.Query.Stage})
	}
	if v.Query.Status != "" {
		exactly = append(exactly, clause{"status = ?", v.Query.Status})
	}
	p := store.Page{Limit: pageSize, Cursor: r.Query("cursor")}
	if l.Sort == byChange {
		p.ChangedAfter = new(int64)
	}
	var err error
	f := v.where(r, exactly...)
	if l.Deals, l.Next, err = r.Site.Sales.Deals.List(r.Context(), r.Org(), p, f); err != nil {
		return err
	}
	if l.Next != "" {
		l.Next = r.With("cursor", l.Next)
	}
	if p.Cursor != "" {
		l.First = r.With()
	}
	for _, pipeline := range v.Pipelines {
		for _, s := range pipeline.Stages {
			l.Stages[s.ID] = s.Name
		}
	}
	ids := idsOf(l.Deals)
	if v.Query.Contact != "" {
		ids = append(ids, v.Query.Contact)
	}
	if l.Known, err = r.Names(r.Context(), slices.Compact(ids)...); err != nil {
		return err
	}
	if r.Partial() {
		return r.Part(listPart(l))
	}
	return r.Page(page.Show{Title: "Deals", Current: home}, listPage(l))
}

// newDeal is where a deal is made, in the pipeline that is shown.
func newDeal(v view) string {
	if v.Pipeline == nil {
		return home + "/new"
	}
	return home + "/new?pipeline_id=" + string(v.Pipeline.ID)
}
