package deals_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/internal/testing/browser"
	"parley/internal/testing/desk"
)

// deal finds an open deal of the demo, and the stages of its pipeline.
func deal(t *testing.T, d *desk.Desk) (id, stage string, stages []string) {
	t.Helper()
	one := d.First("/v1/deals?status=open")
	pipeline := d.API(http.MethodGet, "/v1/pipelines/"+one["pipeline_id"].(string), nil)
	for _, s := range pipeline["stages"].([]any) {
		stages = append(stages, s.(map[string]any)["id"].(string))
	}
	return one["id"].(string), one["stage_id"].(string), stages
}

func other(stages []string, than string) string {
	for _, s := range stages {
		if s != than {
			return s
		}
	}
	return ""
}

func TestTheBoardByHTTP(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	c := d.Client(t, desk.Agent)
	id, at, stages := deal(t, d)
	to := other(stages, at)

	t.Run("a deal is moved", func(t *testing.T) {
		if status, _, _ := d.Post(t, c, "/deals/"+id+"/move", url.Values{"stage_id": {to}}); status != http.StatusSeeOther {
			t.Errorf("moving answers %d", status)
		}
		if now := d.API(http.MethodGet, "/v1/deals/"+id, nil)["stage_id"]; now != to {
			t.Errorf("it is at %v, want %s", now, to)
		}
	})
	t.Run("a stage that is not there is refused", func(t *testing.T) {
		for _, stage := range []string{"", "stg_00000000000000000000000000"} {
			if status, _, _ := d.Post(t, c, "/deals/"+id+"/move", url.Values{"stage_id": {stage}}); status < 400 {
				t.Errorf("moving to %q answers %d", stage, status)
			}
		}
		if now := d.API(http.MethodGet, "/v1/deals/"+id, nil)["stage_id"]; now != to {
			t.Errorf("it is at %v, want %s", now, to)
		}
	})
	t.Run("filters", func(t *testing.T) {
		for query, want := range map[string]string{
			"?q=croissants": "Daily croissants for Hotel Aurora", "?assignee_id=none": "Spelt rolls for the Sunday market",
			"?view=list&status=won": "Burger buns for the football club", "?view=list&status=lost&q=baguettes": "Baguettes for Bistro Nord",
			"?view=list&sort=changed": "Rye and sourdough",
		} {
			if _, body := d.Get(t, c, "/deals"+query); !strings.Contains(body, want) {
				t.Errorf("%s does not show %q", query, want)
			}
		}
		if _, body := d.Get(t, c, "/deals?q=croissants"); strings.Contains(body, "Spelt rolls") {
			t.Error("a search shows what does not hold the word")
		}
		if _, body := d.Get(t, c, "/deals?view=list&q=nothing+like+it"); !strings.Contains(body, "No deal is like that") {
			t.Error("a search that finds nothing does not say so")
		}
	})
	t.Run("an agent sets up no pipelines", func(t *testing.T) {
		if status, _, _ := d.Post(t, c, "/deals/pipeline", nil); status != http.StatusForbidden {
			t.Errorf("an agent's pipeline answers %d", status)
		}
		if _, body := d.Get(t, c, "/deals"); strings.Contains(body, "Set up pipelines") {
			t.Error("an agent is offered to set up pipelines")
		}
	})
	t.Run("markup in a title is text", func(t *testing.T) {
		d.API(http.MethodPatch, "/v1/deals/"+id, map[string]any{"title": desk.Script})
		for _, path := range []string{"/deals", "/deals?view=list", "/deals/" + id} {
			if _, body := d.Get(t, c, path); strings.Contains(body, "<img src=x") || !strings.Contains(body, "&lt;img src=x") {
				t.Errorf("%s does not write the title as text", path)
			}
		}
	})
}

func TestDealsAreMovedInTheBrowser(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	id, at, stages := deal(t, d)
	to := other(stages, at)
	card := "#card-" + id
	in := func(stage string) string { return "#deals-" + stage + " " + card }

	b, beside := d.Browser(t, desk.Agent), d.Browser(t, desk.Owner)
	beside.Open(d.URL + "/deals")
	beside.Wait(in(at))
	b.Open(d.URL + "/deals")
	b.Wait("html[data-stream=open]")
	beside.Wait("html[data-stream=open]")
	desk.Screens(t, b, "../../..", "deals")

	b.Drag(card, "#stage-"+to)
	b.Wait(in(to) + ":not(.moving)")
	beside.Wait(in(to)) // without a reload

	// By the menu, back to where it was.
	b.Click(card + " [data-deal-menu]")
	b.Click(`#deal-menu [data-move-to="` + at + `"]`)
	b.Wait(in(at) + ":not(.moving)")
	beside.Wait(in(at))

	// By keys: to the neighbour.
	next := stages[1]
	if at == stages[len(stages)-1] {
		next = stages[len(stages)-2]
	} else {
		for i, s := range stages {
			if s == at {
				next = stages[i+1]
			}
		}
	}
	key := "Shift+ArrowRight"
	if at == stages[len(stages)-1] {
		key = "Shift+ArrowLeft"
	}
	browser.Eval[bool](b, `(() => { document.getElementById("open-`+id+`").focus(); return true; })()`)
	b.Press(key)
	b.Wait(in(next) + ":not(.moving)")
	beside.Wait(in(next))
	b.Expect()
	beside.Expect()

	// A stage that is not there: the card goes back, and a toast says why. The board may
	// load itself anew meanwhile, which must not bring the stage back.
	browser.Eval[bool](b, `(() => {
		const stage = document.getElementById("stage-`+at+`"), none = "stg_00000000000000000000000000";
		const lose = () => { if (stage.dataset.stage !== none) stage.dataset.stage = none; };
		new MutationObserver(lose).observe(stage, { attributes: true });
		lose();
		return true;
	})()`)
	b.Click(card + " [data-deal-menu]")
	b.Click(`#deal-menu [data-move-to="` + at + `"]`)
	b.WaitText(".toast.bad", "stage is not there")
	b.Wait(in(next) + ":not(.moving)")
}

func TestThePagesOfDealsAreSound(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	id, _, _ := deal(t, d)
	b := d.Browser(t, desk.Admin)
	for path, ready := range map[string]string{"/deals": "#board", "/deals?view=list": "#deals", "/deals/" + id: "#record", "/settings/pipelines": "#pipelines"} {
		desk.Inspect(t, b, d.URL+path, ready)
	}
}
