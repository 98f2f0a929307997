package webhooks

import (
	"net/http"
	"strconv"
	"strings"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/endpoint"
)

// plan is a rewind that is being thought about.
type plan struct {
	Webhook                  parley.Webhook
	Oldest                   int64 // that the log still keeps
	To, Sequence, Time, Pace string
	Wrong                    string
	Tried                    *endpoint.Rewound // what it would come to
}

// sure tells whether every event on the way was looked at.
func (p plan) sure() bool { return p.Tried.Counted >= p.Tried.Events }

func showRewind(r *page.Request) error {
	p, err := planOf(r)
	if err != nil {
		return err
	}
	p.To = "sequence"
	return r.Page(page.Show{Title: "Rewind", Current: home, Width: ui.Narrow}, rewindPage(p))
}

func planOf(r *page.Request) (p plan, err error) {
	if p.Webhook, err = endpointOf(r); err != nil {
		return p, err
	}
	p.Oldest, err = r.Site.Log.Oldest(r.Context(), r.Org())
	p.Oldest = max(1, p.Oldest)
	return p, err
}

// rewind first says what it would come to, and does it when it is asked to by the
// button that stands beside that.
func rewind(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	p, err := planOf(r)
	if err != nil {
		return err
	}
	in := r.PostForm
	p.To, p.Sequence, p.Time, p.Pace = in.Get("to"), in.Get("sequence"), in.Get("time"), in.Get("pace")
	surely := in.Get("sure") == "yes"
	done, err := p.run(r, !surely)
	if err != nil {
		byField, general := form.Errors(err)
		if p.Wrong = byField["to"] + byField["pace"] + general; p.Wrong == "" {
			return err
		}
		if byField["to"] != "" {
			p.Wrong = "The place " + p.Wrong
		} else if byField["pace"] != "" {
			p.Wrong = "The pace " + p.Wrong
		}
		return r.Page(page.Show{Title: "Rewind", Current: home, Width: ui.Narrow, Status: http.StatusUnprocessableEntity}, rewindPage(p))
	}
	if surely {
		return r.Done(address(p.Webhook.ID, ""), "Rewinding: "+ui.Plural(int(done.Events), "event of the log is gone through again.", "events of the log are gone through again."))
	}
	p.Tried = &done
	return r.Page(page.Show{Title: "Rewind", Current: home, Width: ui.Narrow}, rewindPage(p))
}

func (p plan) run(r *page.Request, dry bool) (endpoint.Rewound, error) {
	to, err := startOf(r, "body.to", p.To)
	if err != nil {
		return endpoint.Rewound{}, err
	}
	if to.Sequence == nil && to.Time == nil {
		return endpoint.Rewound{}, parley.InvalidField("body.to", "must be given: a sequence or a time")
	}
	var pace *int
	if text := strings.TrimSpace(p.Pace); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 10_000 {
			return endpoint.Rewound{}, parley.InvalidField("body.pace", "must be a whole number from 1 to 10,000, or empty")
		}
		pace = &n
	}
	return r.Site.Endpoints.Rewind(r.Context(), r.Caller(), p.Webhook.ID, to, pace, dry)
}

func cancelRewind(r *page.Request) error {
	w, err := act(r)
	if err != nil {
		return err
	}
	if _, err := r.Site.Endpoints.CancelRewind(r.Context(), r.Caller(), w.ID); err != nil {
		return err
	}
	return r.Done(address(w.ID, ""), "The rewind was cancelled.")
}
