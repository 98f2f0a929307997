package settings

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/store"
)

// usualStages are those that a new pipeline begins with.
var usualStages = []string{"New", "Qualified", "Offer sent", "Negotiation"}

func pipelineNoun(s *page.Site) configured[parley.Pipeline] {
	return configured[parley.Pipeline]{
		place: pipelines, scopes: "pipelines", one: "pipeline", plural: "Pipelines",
		table: store.Pipelines, update: s.Sales.Pipelines.Update, remove: s.Sales.Pipelines.Delete,
		create: func(r *page.Request, p parley.Pipeline) error {
			made, err := r.Site.Sales.Pipelines.Create(r.Context(), r.Caller(), p)
			if err != nil {
				return err
			}
			return r.Done(pipelines+"/"+string(made.ID), "The pipeline "+made.Name+" was created. Change its stages as you like.")
		},
		list: listing[parley.Pipeline]{
			about: "The ways that deals go, stage by stage.",
			icon:  "deal", none: "There are no pipelines yet", noneText: "Deals go through the stages of a pipeline. A new one begins with the usual stages, which you can change.",
			searched: []string{"name"},
			rows: func(_ *page.Request, found []parley.Pipeline, may bool) (templ.Component, error) {
				return pipelineRows(found, may), nil
			},
		},
		id:   func(p parley.Pipeline) string { return string(p.ID) },
		name: func(p parley.Pipeline) string { return p.Name },
		fields: func(_ *page.Request, set form.Set, of *parley.Pipeline) (form.Set, error) {
			if of != nil {
				return set.Only("name"), nil
			}
			return set, nil
		},
		drawn: func(_ *page.Request, v *formView, of *parley.Pipeline) error {
			if of != nil {
				v.Below = stageEditor(*of, v.Writable)
			}
			return nil
		},
		going: func(p parley.Pipeline) deletion {
			return deletion{Verb: "Delete", Question: "Delete the pipeline " + p.Name + "?", Text: "A pipeline can be deleted once it has no deals, open or closed."}
		},
	}
}

// pipelineRoutes are the pages of pipelines: a new one asks for its name only.
func pipelineRoutes(s *page.Site) []page.Route {
	n := pipelineNoun(s)
	blank := func(r *page.Request, status int, f form.Form) error {
		return n.show(r, status, f, nil, "")
	}
	set := form.Of[parley.Pipeline](form.Create).Only("name")
	routes := slices.DeleteFunc(n.routes(), func(r page.Route) bool {
		return r.Pattern == "GET "+pipelines+"/new" || r.Pattern == "POST "+pipelines
	})
	return append(routes,
		page.Route{Pattern: "GET " + pipelines + "/new", Scope: "pipelines:write", Command: n.making(), Handle: func(r *page.Request) error {
			return blank(r, http.StatusOK, form.Form{Set: set, Values: set.Blank()})
		}},
		page.Route{Pattern: "POST " + pipelines, Scope: "pipelines:write", Handle: func(r *page.Request) error {
			if err := r.ReadForm(); err != nil {
				return err
			}
			p := parley.Pipeline{Name: strings.TrimSpace(r.PostForm.Get("name"))}
			err := checkName(p.Name, "name")
			for _, name := range usualStages {
				p.Stages = append(p.Stages, parley.Stage{Name: name})
			}
			if err == nil {
				err = n.create(r, p)
			}
			if err == nil {
				return nil
			}
			return n.refused(r, form.Form{Set: set, Values: r.PostForm}, nil, err)
		}},
		page.Route{Pattern: "POST " + pipelines + "/{id}/stages", Scope: "pipelines:write", Handle: n.changeStages},
	)
}

// checkName refuses what the API would refuse as the name of a pipeline or stage.
func checkName(name, field string) error {
	if n := len([]rune(name)); n < 1 || n > 200 {
		return parley.InvalidField("body."+field, "must have 1 to 200 characters")
	}
	return nil
}

// changeStages renames, adds, orders and removes stages: the form has all of them, in
// their order, and its button says what else is to be done.
func (n configured[T]) changeStages(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	posted, err := stagesOf(r.PostForm["stage_id"], r.PostForm["stage_name"], r.PostForm.Get("new"))
	if err == nil {
		posted, err = rearranged(posted, r.PostForm.Get("do"))
	}
	if err == nil {
		_, err = r.Site.Sales.Pipelines.Update(r.Context(), r.Caller(), r.PathValue("id"), versionOf(r.PostForm), func(p *parley.Pipeline) error {
			p.Stages = posted
			return nil
		})
	}
	if err == nil {
		return r.Done(pipelines+"/"+r.PathValue("id"), "The stages were saved.")
	}
	switch parley.KindOf(err) {
	case parley.Stale:
		err = parley.Errorf(parley.Conflict, "Somebody else has changed this pipeline meanwhile. This is how it is now: repeat your change.")
	case parley.Conflict, parley.Invalid:
	default:
		return err
	}
	obj, missing := n.get(r)
	if missing != nil {
		return missing
	}
	return n.showAs(r, http.StatusConflict, obj, stageReason(err))
}

// stageReason says why stages were not changed.
func stageReason(err error) string {
	if parley.KindOf(err) == parley.Invalid {
		return "Not saved: a stage needs a name of 1 to 200 characters, and a pipeline 1 to 50 stages."
	}
	var e *parley.Error
	if errors.As(err, &e) {
		return e.Detail
	}
	return err.Error()
}

// stagesOf are the stages of a form, with the one that is to be added, if any.
func stagesOf(ids, names []string, added string) (stages []parley.Stage, err error) {
	if len(ids) != len(names) {
		return nil, parley.Errorf(parley.Malformed, "The form could not be read.")
	}
	if added = strings.TrimSpace(added); added != "" {
		ids, names = append(ids, ""), append(names, added)
	}
	for i, name := range names {
		name = strings.TrimSpace(name)
		if err := checkName(name, "stages"); err != nil {
			return nil, err
		}
		stages = append(stages, parley.Stage{ID: parley.StageID(ids[i]), Name: name})
	}
	return stages, nil
}

// rearranged does what a button says: "up stg_…", "down stg_…" or "remove stg_…".
func rearranged(stages []parley.Stage, do string) ([]parley.Stage, error) {
	verb, id, _ := strings.Cut(do, " ")
	at := slices.IndexFunc(stages, func(s parley.Stage) bool { return s.ID != "" && string(s.ID) == id })
	switch {
	case at < 0:
	case verb == "up" && at > 0:
		stages[at-1], stages[at] = stages[at], stages[at-1]
	case verb == "down" && at < len(stages)-1:
		stages[at], stages[at+1] = stages[at+1], stages[at]
	case verb == "remove":
		stages = slices.Delete(stages, at, at+1)
	}
	if len(stages) < 1 || len(stages) > 50 {
		return nil, parley.InvalidField("body.stages", "must have 1 to 50 items")
	}
	return stages, nil
}
