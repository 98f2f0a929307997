package deals

import (
	"slices"
	"strconv"
	"strings"

	"parley"
	"parley/internal/contact"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/database"
	"parley/internal/store"
)

// How many cards a column has at first, how many more are shown on demand, and at most.
const (
	cardsAtFirst = 20
	cardsMore    = 40
	cardsMost    = 500
)

// mostPipelines is how many pipelines and people there are to choose from.
const mostPipelines = 200

// view is what both the board and the list show.
type view struct {
	Pipelines []parley.Pipeline // the oldest first
	Pipeline  *parley.Pipeline  // that is shown; nil: none, or all of them
	People    []parley.User
	Query     query
	List      bool
	Self      string
	Clear     string // the address without filters
	Other     string // the same, as a board or as a list
	MayWrite  bool
	MaySet    bool // change pipelines
	None      bool // there is no deal at all
	Known     names.Names

	found []parley.ContactID // whose names hold what is searched
}

// query is what an address asks for.
type query struct{ Pipeline, Assignee, Contact, Stage, Status, Text string }

func (q query) filtered() bool {
	return q.Assignee != "" || q.Contact != "" || q.Stage != "" || q.Status != "" || q.Text != ""
}

// column is a stage with its deals.
type column struct {
	parley.Stage
	Deals []parley.Deal
	Count int
	Worth string
	More  string // where more of it is shown; "" if all is
}

// show answers with the board of a pipeline, or with a list.
func show(r *page.Request) error {
	v, err := look(r)
	if err != nil {
		return err
	}
	if v.List {
		return list(r, v)
	}
	if v.Pipeline == nil {
		return r.Page(page.Show{Title: "Deals", Current: home}, noPipeline(v))
	}
	columns, err := v.columns(r)
	if err != nil {
		return err
	}
	if r.Partial() {
		return r.Part(board(v, columns))
	}
	return r.Page(page.Show{Title: "Deals", Current: home, Width: ui.Full}, boardPage(v, columns))
}

// look reads what the address asks for.
func look(r *page.Request) (v view, err error) {
	v = view{
		Self: r.URL.RequestURI(), MayWrite: r.Allows("deals:write"), MaySet: r.Allows("pipelines:write"),
		Query: query{
			Pipeline: r.Query("pipeline_id"), Assignee: r.Query("assignee_id"), Contact: r.Query("contact_id"),
			Stage: r.Query("stage_id"), Status: r.Query("status"), Text: strings.TrimSpace(r.Query("q")),
		},
	}
	// A link to the deals with somebody, or at a stage, means closed ones too.
	v.List = r.Query("view") == "list" || r.Query("view") == "" && (v.Query.Contact != "" || v.Query.Stage != "" || v.Query.Status != "")
	if v.Pipelines, _, err = r.Site.Sales.Pipelines.List(r.Context(), r.Org(), store.Page{Limit: mostPipelines}, store.Filter{}); err != nil {
		return v, err
	}
	slices.Reverse(v.Pipelines)
	at := slices.IndexFunc(v.Pipelines, func(p parley.Pipeline) bool { return string(p.ID) == v.Query.Pipeline })
	if at < 0 && !v.List && len(v.Pipelines) > 0 {
		at = 0
	}
	if at >= 0 {
		v.Pipeline = &v.Pipelines[at]
	}
	if r.Allows("users:read") {
		if v.People, _, err = r.Site.Account.Users.List(r.Context(), r.Org(), store.Page{Limit: mostPipelines}, store.Filter{}); err != nil {
			return v, err
		}
		slices.SortFunc(v.People, func(a, b parley.User) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	}
	v.Clear = home
	if v.List {
		v.Clear, v.Other = home+"?view=list", r.With("view", "board", "stage_id", "", "status", "")
	} else {
		v.Other = r.With("view", "list", "pipeline_id", v.pipelineID())
	}
	return v, v.find(r)
}

func (v view) pipelineID() string {
	if v.Pipeline == nil {
		return ""
	}
	return string(v.Pipeline.ID)
}

// where lets through what is asked for, and the clauses of which each ? is an arg.
func (v view) where(r *page.Request, clauses ...clause) (f store.Filter) {
	for _, c := range clauses {
		f.And(c.text, c.arg)
	}
	if v.Pipeline != nil {
		f.And("pipeline_id = ?", string(v.Pipeline.ID))
	}
	switch q := v.Query; {
	case q.Assignee == "none":
		f.And("assignee_id is null")
	case q.Assignee == "me":
		f.And("assignee_id = ?", string(r.User.ID))
	case q.Assignee != "":
		f.And("assignee_id = ?", q.Assignee)
	}
	if v.Query.Contact != "" {
		f.And("contact_id = ?", v.Query.Contact)
	}
	if v.Query.Text != "" {
		either := store.Where(`lower(title) like lower(?) escape '\'`, "%"+database.Prefix(v.Query.Text))
		for _, id := range v.found {
			either.And("contact_id = ?", string(id))
		}
		f.Either(either)
	}
	return f
}

// clause is a part of a filter, with one argument.
type clause struct{ text, arg string }

// find finds the contacts whose names hold what is searched.
func (v *view) find(r *page.Request) error {
	if v.Query.Text == "" || !r.Allows("contacts:read") {
		return nil
	}
	var named store.Filter
	contact.Holding(&named, v.Query.Text)
	contacts, _, err := r.Site.Contacts.List(r.Context(), r.Org(), store.Page{Limit: names.Most}, named)
	for _, c := range contacts {
		v.found = append(v.found, c.ID)
	}
	return err
}

// columns are the stages of the pipeline with their open deals, the newest first.
func (v *view) columns(r *page.Request) (all []column, err error) {
	open := clause{"status = ?", string(parley.OpenDeal)}
	sums, err := store.DealSums(r.Context(), r.Site.DB.Read(), r.Org(), v.where(r, open))
	if err != nil {
		return nil, err
	}
	none := true
	for _, stage := range v.Pipeline.Stages {
		c := column{Stage: stage}
		var here []store.DealSum
		for _, s := range sums {
			if s.Stage == stage.ID {
				here = append(here, s)
			}
		}
		c.Count, c.Worth = total(here)
		none = none && c.Count == 0
		if err := c.fill(r, v.where(r, clause{"stage_id = ?", string(stage.ID)}, open)); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	if none && !v.Query.filtered() {
		count, err := store.Deals.Count(r.Context(), r.Site.DB.Read(), r.Org(), store.Filter{}, 1)
		if err != nil {
			return nil, err
		}
		v.None = count == 0
	}
	return all, v.name(r, all)
}

// fill reads the deals of a column, as many as the address asks for.
func (c *column) fill(r *page.Request, here store.Filter) error {
	if c.Count == 0 {
		return nil
	}
	limit := cardsAtFirst
	if n, err := strconv.Atoi(r.Query(string(c.ID))); err == nil {
		limit = min(max(n, cardsAtFirst), cardsMost)
	}
	p := store.Page{Limit: min(limit, 200)}
	for len(c.Deals) < limit {
		some, next, err := store.Deals.List(r.Context(), r.Site.DB.Read(), r.Org(), p, here)
		if err != nil {
			return err
		}
		c.Deals = append(c.Deals, some...)
		if p.Cursor = next; next == "" {
			return nil
		}
		p.Limit = min(limit-len(c.Deals), 200)
	}
	if limit < cardsMost {
		c.More = r.With(string(c.ID), strconv.Itoa(limit+cardsMore))
	}
	return nil
}

// name finds out what those are called who stand on cards.
func (v *view) name(r *page.Request, columns []column) error {
	ids := []string{v.Query.Contact}
	for _, c := range columns {
		ids = append(ids, idsOf(c.Deals)...)
	}
	var err error
	v.Known, err = r.Names(r.Context(), slices.DeleteFunc(ids, func(id string) bool { return id == "" })...)
	return err
}

// idsOf are the ids of what deals name.
func idsOf(deals []parley.Deal) (ids []string) {
	for _, d := range deals {
		if d.ContactID != nil {
			ids = append(ids, string(*d.ContactID))
		}
		if d.AssigneeID != nil {
			ids = append(ids, string(*d.AssigneeID))
		}
	}
	return ids
}

// firstPipeline makes a pipeline of the usual stages.
func firstPipeline(r *page.Request) error {
	made, err := r.Site.Sales.Pipelines.Create(r.Context(), r.Caller(), parley.Pipeline{
		Name:   "Sales",
		Stages: []parley.Stage{{Name: "New"}, {Name: "Qualified"}, {Name: "Offer sent"}, {Name: "Negotiation"}},
	})
	if err != nil {
		return err
	}
	return r.Done(home+"?pipeline_id="+string(made.ID), "The pipeline is made. Its stages can be changed in the settings.")
}
